import { localFolder, readLocalRun } from './local-run.js';

type Environment = Readonly<Record<string, string | undefined>>;

/** Each throws an Error that names the variable when neither it nor a running `npm start` gives the address. */
export interface Addresses {
  brokers(): readonly string[];
  registryUrl(): string;
  /** DATABASE_URL alone says nothing about which service it is for: it counts for a single one only. */
  databaseUrl(service: string, isOnly: boolean): string;
}

/** The environment first, then what `npm start` says of itself. */
export async function addressesFrom(env: Environment): Promise<Addresses> {
  const local = await readLocalRun(localFolder(env));
  const variable = (service: string): string => `DATABASE_URL_${service.toUpperCase()}`;
  return {
    brokers: () => env['KAFKA_BROKERS']?.split(',').map((broker) => broker.trim()) ?? need(local.kafka?.brokers, 'KAFKA_BROKERS'),
    registryUrl: () => env['SCHEMA_REGISTRY_URL'] ?? need(local.registry?.url, 'SCHEMA_REGISTRY_URL'),
    databaseUrl: (service, isOnly) =>
      env[variable(service)] ?? (isOnly ? env['DATABASE_URL'] : undefined) ?? need(local.postgres?.databases[service], variable(service)),
  };
}

function need<T>(value: T | undefined, name: string): T {
  if (value !== undefined) return value;
  throw new Error(`${name} is not set, and no \`npm start\` of this checkout is up.`);
}
