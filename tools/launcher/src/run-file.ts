import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * What runs where: the shape of .local/run.json, for people and tools. A part that the environment
 * brought (KAFKA_BROKERS and so on) has no `pid`.
 */
export interface RunFile {
  readonly kafka: { readonly brokers: readonly string[]; readonly pid?: number };
  readonly registry: { readonly url: string; readonly pid?: number };
  readonly postgres: { readonly pid?: number; readonly databases: Readonly<Record<string, string>> };
  readonly services: Readonly<Record<string, { readonly url: string; readonly pid: number }>>;
}

/** A reader sees the file whole or not at all. It names passwords: only its owner may read it. */
export async function writeRunFile(path: string, content: RunFile): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(`${path}.new`, `${JSON.stringify(content, null, 2)}\n`, { mode: 0o600 });
  await rename(`${path}.new`, path);
}

export const removeRunFile = (path: string): Promise<void> => rm(path, { force: true });

export async function readRunFile(path: string): Promise<RunFile | undefined> {
  const text = await readFile(path, 'utf8').catch(() => undefined);
  return text === undefined ? undefined : (JSON.parse(text) as RunFile);
}
