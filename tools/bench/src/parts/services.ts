import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import {
  createLifeosTopics, ensureCredentialsKey, ensureSigningKeys, kafkaConfig, migrateService, ownEnvironment, serviceFlags, publishLifeosSchemas, type SecretFiles, type ServiceName, services,
} from '@lifeos/cli';
import { ensureDatabase, findPort, releasePort } from '@lifeos/local';
import { exited } from '../harness/child.js';
import { startedRoles } from '../harness/role-process.js';
import type { BenchEnv } from '../harness/scenario.js';
import { runOnce } from './bench-database.js';
import { dropTopics } from './kafka.js';

const apps = fileURLToPath(new URL('../../../../apps/', import.meta.url));

/** A real service in a process of its own. */
export interface RunningService {
  readonly name: ServiceName;
  readonly url: string;
  readonly pid: number;
}

export interface RunningServices {
  readonly all: readonly RunningService[];
  url(name: ServiceName): string;
  stop(): Promise<void>;
}

/** From nothing: the release step, then every service as `npm start` runs it. Resolves when all are ready. */
export async function startAllServices(env: BenchEnv): Promise<RunningServices> {
  await dropTopics(env.brokers, (topic) => topic.startsWith('lifeos.'));
  const folder = mkdtempSync(join(tmpdir(), 'lifeos-bench-services-'));
  const keys = { privateKeyFile: join(folder, 'private.pem'), publicKeyFile: join(folder, 'public.pem'), credentialsKeyFile: join(folder, 'credentials.key') };
  await Promise.all([ensureSigningKeys(keys), ensureCredentialsKey(keys.credentialsKeyFile), createLifeosTopics(kafkaConfig(env.brokers)), publishLifeosSchemas(env.registryUrl)]);
  const children: ChildProcess[] = [];
  process.once('exit', () => {
    children.forEach((child) => child.kill('SIGKILL'));
    rmSync(folder, { recursive: true, force: true });
  });
  const stop = async (): Promise<void> => {
    for (const child of children) child.kill('SIGTERM');
    await Promise.all(children.map(exited));
    await rm(folder, { recursive: true, force: true });
  };
  try {
    const all = await Promise.all(services.map((name) => startService(name, { env, keys, folder, children })));
    return { all, stop, url: (wanted) => all.find(({ name }) => name === wanted)?.url ?? '' };
  } catch (error) {
    await stop();
    throw error;
  }
}

interface Start {
  readonly env: BenchEnv;
  readonly keys: SecretFiles;
  readonly folder: string;
  readonly children: ChildProcess[];
}

async function startService(name: ServiceName, { env, keys, folder, children }: Start): Promise<RunningService> {
  await runOnce(env.postgresUrl, `drop database if exists ${name} with (force)`);
  const databaseUrl = await ensureDatabase(env.postgresUrl, name);
  await migrateService({ service: name, url: databaseUrl });
  const port = await findPort(name);
  const logFile = join(folder, `${name}.log`);
  const log = openSync(logFile, 'a');
  const child = spawn(process.execPath, [...serviceFlags, ...profileOf(name), join(apps, name, 'dist/main.js')], {
    stdio: ['ignore', log, log],
    env: { ...process.env, ...environment(name, { env, keys, port, databaseUrl }) },
  });
  closeSync(log);
  children.push(child);
  startedRoles.push({ pid: child.pid ?? 0, what: `service ${name}` });
  const url = `http://127.0.0.1:${port}`;
  await untilReady(name, url, { child, logFile }).finally(() => releasePort(port));
  return { name, url, pid: child.pid ?? 0 };
}

/** Beside the profile of this process, when it makes one. */
function profileOf(name: ServiceName): string[] {
  const folder = process.execArgv.find((flag) => flag.startsWith('--cpu-prof-dir='));
  return folder === undefined ? [] : ['--cpu-prof', folder, `--cpu-prof-name=service-${name}.cpuprofile`];
}

function environment(name: ServiceName, { env, keys, port, databaseUrl }: Pick<Start, 'env' | 'keys'> & { port: number; databaseUrl: string }): NodeJS.ProcessEnv {
  return {
    NODE_ENV: 'production',
    HOST: '127.0.0.1',
    PORT: String(port),
    DATABASE_URL: databaseUrl,
    KAFKA_BROKERS: env.brokers.join(','),
    SCHEMA_REGISTRY_URL: env.registryUrl,
    JWT_PUBLIC_KEY_FILE: keys.publicKeyFile,
    ...ownEnvironment(name, keys),
  };
}

async function untilReady(name: string, url: string, { child, logFile }: { child: ChildProcess; logFile: string }): Promise<void> {
  const deadline = performance.now() + 60_000;
  while (!(await isReady(url))) {
    if (child.exitCode !== null || performance.now() > deadline) {
      throw new Error(`${name} is not ready. Its log ends:\n${readFileSync(logFile, 'utf8').slice(-2_000)}`);
    }
    await sleep(100);
  }
}

async function isReady(url: string): Promise<boolean> {
  try {
    return (await fetch(`${url}/health/ready`, { signal: AbortSignal.timeout(2_000) })).ok;
  } catch {
    return false;
  }
}

/** What a service says of its own process. */
export async function processUse({ url }: RunningService): Promise<{ memoryMb: number; cpuSeconds: number }> {
  const text = await (await fetch(`${url}/metrics`, { signal: AbortSignal.timeout(5_000) })).text();
  const read = (metric: string): number => Number(new RegExp(`^${metric}(?:\\{[^}]*\\})? (\\S+)$`, 'm').exec(text)?.[1] ?? Number.NaN);
  return { memoryMb: read('process_resident_memory_bytes') / 2 ** 20, cpuSeconds: read('process_cpu_seconds_total') };
}
