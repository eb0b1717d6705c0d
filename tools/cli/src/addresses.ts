import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

type Environment = Readonly<Record<string, string | undefined>>;

/** What `npm start` writes about itself, as far as it is of use here. */
interface RunFile {
  readonly kafka: { readonly brokers: readonly string[] };
  readonly registry: { readonly url: string };
  readonly postgres: { readonly databases: Readonly<Record<string, string>> };
}

/** Each throws an Error that names the variable when neither it nor a running `npm start` gives the address. */
export interface Addresses {
  brokers(): readonly string[];
  registryUrl(): string;
  /** DATABASE_URL alone says nothing about which service it is for: it counts for a single one only. */
  databaseUrl(service: string, isOnly: boolean): string;
}

const localRunFile = fileURLToPath(new URL('../../../.local/run.json', import.meta.url));

/** The environment first, then .local/run.json. */
export async function addressesFrom(env: Environment, runFile = localRunFile): Promise<Addresses> {
  const local = await readRunFile(runFile);
  const variable = (service: string): string => `DATABASE_URL_${service.toUpperCase()}`;
  return {
    brokers: () => env['KAFKA_BROKERS']?.split(',').map((broker) => broker.trim()) ?? need(local?.kafka.brokers, 'KAFKA_BROKERS'),
    registryUrl: () => env['SCHEMA_REGISTRY_URL'] ?? need(local?.registry.url, 'SCHEMA_REGISTRY_URL'),
    databaseUrl: (service, isOnly) =>
      env[variable(service)] ?? (isOnly ? env['DATABASE_URL'] : undefined) ?? need(local?.postgres.databases[service], variable(service)),
  };
}

function need<T>(value: T | undefined, name: string): T {
  if (value !== undefined) return value;
  throw new Error(`${name} is not set, and no \`npm start\` of this checkout is up.`);
}

async function readRunFile(path: string): Promise<RunFile | undefined> {
  const text = await readFile(path, 'utf8').catch(() => undefined);
  return text === undefined ? undefined : (JSON.parse(text) as RunFile);
}
