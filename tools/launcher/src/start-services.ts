import { join } from 'node:path';
import { ownEnvironment, serviceFlags, type SecretFiles, type ServiceName, services } from '@lifeos/cli';
import { checkout, type Log, reapStale, releasePort, startProcess, waitUntilReady } from '@lifeos/local';
import { type Folders } from './folders.js';
import { findServicePorts } from './ports.js';
import { type LivePart, type Parts } from './start-parts.js';

export interface RunningService extends LivePart {
  readonly url: string;
  readonly pid: number;
}

export type RunningServices = Record<ServiceName, RunningService>;

export interface ServicesStart {
  readonly folders: Folders;
  readonly parts: Parts;
  readonly keys: SecretFiles;
  readonly log: Log;
}

/** Starts every service as a process of its own, and waits until all of them are ready. */
export async function startServices(start: ServicesStart): Promise<RunningServices> {
  // Before ports are sought: what is left of a crash holds the usual ones.
  await Promise.all(services.map((name) => reapStale(pidFileOf(name, start), name, start.log)));
  const ports = await findServicePorts(start.log);
  const entries = await Promise.all(services.map(async (name) => [name, await startService(name, ports[name], start)] as const));
  return Object.fromEntries(entries) as RunningServices;
}

const pidFileOf = (name: ServiceName, { folders }: Pick<ServicesStart, 'folders'>): string => join(folders.pids, `${name}.json`);

async function startService(name: ServiceName, port: number, { folders, parts, keys, log }: ServicesStart): Promise<RunningService> {
  const logFile = join(folders.logs, `${name}.log`);
  const started = await startProcess({
    name,
    rank: 'service',
    command: process.execPath,
    args: [...serviceFlags, join(checkout, 'apps', name, 'dist/main.js')],
    env: { ...process.env, ...serviceEnvironment(name, { port, parts, keys }) },
    logFile,
    pidFile: pidFileOf(name, { folders }),
  });
  const url = `http://127.0.0.1:${port}`;
  await waitUntilReady(started, { name, logFile, timeoutMs: 120_000, ready: () => isReady(url) }).finally(() => releasePort(port));
  log(`${name} is ready`);
  return { name, url, pid: started.pid, exited: started.exited, logFile };
}

function serviceEnvironment(name: ServiceName, { port, parts, keys }: { port: number; parts: Parts; keys: SecretFiles }): NodeJS.ProcessEnv {
  return {
    // Not production: there nobody may move the clock, and the story passes through two weeks.
    NODE_ENV: 'development',
    CLOCK_MOVABLE: 'true',
    HOST: '127.0.0.1',
    PORT: String(port),
    DATABASE_URL: parts.postgres.databases[name],
    KAFKA_BROKERS: parts.kafka.brokers.join(','),
    SCHEMA_REGISTRY_URL: parts.registry.url,
    JWT_PUBLIC_KEY_FILE: keys.publicKeyFile,
    ...ownEnvironment(name, keys),
  };
}

async function isReady(url: string): Promise<boolean> {
  try {
    const response = await fetch(`${url}/health/ready`, { signal: AbortSignal.timeout(2_000) });
    return response.ok;
  } catch {
    return false;
  }
}
