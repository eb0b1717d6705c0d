import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { workspaceRoot } from './workspace.js';

/** What `npm start` says of itself in run.json, as far as it is of use here. A part of one's own has no pid. */
export interface LocalRun {
  readonly kafka?: { readonly brokers: readonly string[]; readonly pid?: number };
  readonly registry?: { readonly url: string; readonly pid?: number };
  readonly postgres?: { readonly databases: Readonly<Record<string, string>>; readonly pid?: number };
  readonly services?: Readonly<Record<string, { readonly url: string; readonly pid?: number }>>;
}

/** Where `npm start` keeps everything: `$LIFEOS_LOCAL`, else .local of the checkout. */
export const localFolder = (env: Readonly<Record<string, string | undefined>>): string => env['LIFEOS_LOCAL'] ?? join(workspaceRoot, '.local');

/**
 * What of `npm start` is up. The file outlives a launcher that was killed, so what it names counts only while its
 * process lives; parts of one's own count as long as any process of the file does.
 */
export async function readLocalRun(folder: string): Promise<LocalRun> {
  const text = await readFile(join(folder, 'run.json'), 'utf8').catch(() => '{}');
  const { kafka, registry, postgres, services = {} } = JSON.parse(text) as LocalRun;
  const pids = [kafka, registry, postgres, ...Object.values(services)].flatMap((part) => part?.pid ?? []);
  if (pids.length > 0 && !pids.some(isAlive)) return {};
  return {
    ...(kafka && isUp(kafka) && { kafka }),
    ...(registry && isUp(registry) && { registry }),
    ...(postgres && isUp(postgres) && { postgres }),
    services: Object.fromEntries(Object.entries(services).filter(([, service]) => isUp(service))),
  };
}

const isUp = ({ pid }: { readonly pid?: number }): boolean => pid === undefined || isAlive(pid);

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
