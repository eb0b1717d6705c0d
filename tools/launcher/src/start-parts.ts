import { services } from '@lifeos/cli';
import { ensureDatabase, startKafka, startPostgres, startRegistry, versions } from '@lifeos/local';
import { type Folders } from './folders.js';
import { defaultPorts } from './ports.js';
import { type Terminal } from './terminal.js';

/** Ends by itself only when something went wrong. */
export interface LivePart {
  readonly name: string;
  readonly exited: Promise<string>;
  readonly logFile: string;
}

export interface Parts {
  readonly kafka: { readonly brokers: readonly string[]; readonly pid?: number };
  readonly registry: { readonly url: string; readonly pid?: number };
  readonly postgres: { readonly pid?: number; readonly databases: Readonly<Record<string, string>> };
  readonly live: readonly LivePart[];
}

/** Starts broker, database and registry side by side, but for those that the environment brings. */
export async function startParts(folders: Folders, terminal: Terminal, env: NodeJS.ProcessEnv): Promise<Parts> {
  const live: LivePart[] = [];
  const start = { folders, terminal, env, live };
  const [kafka, { postgres, registry }] = await Promise.all([broker(start), databaseAndRegistry(start)]);
  return { kafka, postgres, registry, live };
}

/** The variable that brings a database of one's own, such as DATABASE_URL_QUESTS. */
export const databaseVariable = (service: string): string => `DATABASE_URL_${service.toUpperCase()}`;

interface Start {
  readonly folders: Folders;
  readonly terminal: Terminal;
  readonly env: NodeJS.ProcessEnv;
  readonly live: LivePart[];
}

async function broker({ folders, terminal, env, live }: Start): Promise<Parts['kafka']> {
  const given = env['KAFKA_BROKERS'];
  if (given) return { brokers: given.split(',').map((address) => address.trim()) };
  const kafka = await terminal.step(
    `Kafka ${versions.kafka}`,
    (log) => startKafka({ dataDir: folders.kafka, port: defaultPorts.kafka, log }),
    ({ brokers }) => brokers.join(', '),
  );
  live.push({ name: 'Kafka', exited: kafka.exited, logFile: `${folders.kafka}/node-1/kafka.log` });
  return { brokers: kafka.brokers, pid: kafka.pid };
}

async function databaseAndRegistry(start: Start): Promise<Pick<Parts, 'postgres' | 'registry'>> {
  const { env } = start;
  const given = Object.fromEntries(services.flatMap((service) => pair(service, env[databaseVariable(service)])));
  const missing = services.filter((service) => given[service] === undefined);
  const needsRegistry = !env['SCHEMA_REGISTRY_URL'];
  if (missing.length === 0 && !needsRegistry) {
    return { postgres: { databases: given }, registry: { url: env['SCHEMA_REGISTRY_URL'] ?? '' } };
  }
  const { pid, url } = await database(start);
  const made: Record<string, string> = {};
  for (const service of missing) made[service] = await ensureDatabase(url, service);
  const postgres = { pid, databases: { ...given, ...made } };
  if (env['SCHEMA_REGISTRY_URL']) return { postgres, registry: { url: env['SCHEMA_REGISTRY_URL'] } };
  return { postgres, registry: await registry(start, await ensureDatabase(url, 'registry')) };
}

async function database({ folders, terminal, live }: Start): Promise<{ pid: number; url: string }> {
  const postgres = await terminal.step(
    `PostgreSQL ${versions.postgres}`,
    (log) => startPostgres({ dataDir: folders.postgres, port: defaultPorts.postgres, log }),
    ({ port }) => `127.0.0.1:${port}`,
  );
  live.push({ name: 'PostgreSQL', exited: postgres.exited, logFile: `${folders.postgres}/postgres.log` });
  return postgres;
}

async function registry({ folders, terminal, live }: Start, databaseUrl: string): Promise<Parts['registry']> {
  const started = await terminal.step(
    `Registry ${versions.apicurioRegistry}`,
    (log) => startRegistry({ dataDir: folders.registry, port: defaultPorts.registry, databaseUrl, log }),
    ({ url }) => url,
  );
  live.push({ name: 'the registry', exited: started.exited, logFile: `${folders.registry}/registry.log` });
  return { url: started.url, pid: started.pid };
}

const pair = (key: string, value: string | undefined): [string, string][] => (value ? [[key, value]] : []);
