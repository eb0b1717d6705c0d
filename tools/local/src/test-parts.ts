import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startKafka } from './kafka/start-kafka.js';
import { type Log } from './log.js';
import { ensureDatabase } from './postgres/databases.js';
import { startPostgres } from './postgres/start-postgres.js';
import { stopAll } from './processes/running.js';
import { startRegistry } from './registry/start-registry.js';

export interface TestParts {
  /** What tests find the parts by: LIFEOS_TEST_POSTGRES_URL, KAFKA_BROKERS, SCHEMA_REGISTRY_URL. */
  readonly env: Readonly<Record<string, string>>;
  /** Also empties their data. */
  stop(): Promise<void>;
}

/** Starts what the test files need by their tier: `.int.spec.ts` a database, `.e2e.spec.ts` everything, others nothing. */
export async function startTestParts(testFiles: readonly string[], { log, given = process.env }: { log: Log; given?: NodeJS.ProcessEnv }): Promise<TestParts> {
  const needsAll = testFiles.some((file) => file.endsWith('.e2e.spec.ts'));
  const needsPostgres = needsAll || testFiles.some((file) => file.endsWith('.int.spec.ts'));
  const dataDir = await mkdtemp(join(tmpdir(), 'lifeos-parts-'));
  // PostgreSQL may have to run as another user.
  await chmod(dataDir, 0o755);
  const stop = async (): Promise<void> => {
    await stopAll();
    await rm(dataDir, { recursive: true, force: true });
  };
  try {
    const started = await Promise.all([
      needsPostgres ? databaseAndRegistry(dataDir, { log, given, withRegistry: needsAll }) : {},
      needsAll && !given['KAFKA_BROKERS'] ? broker(dataDir, log) : {},
    ]);
    return { env: Object.assign({}, ...started) as Record<string, string>, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function databaseAndRegistry(
  dataDir: string,
  { log, given, withRegistry }: { log: Log; given: NodeJS.ProcessEnv; withRegistry: boolean },
): Promise<Record<string, string>> {
  const startsRegistry = withRegistry && !given['SCHEMA_REGISTRY_URL'];
  if (given['LIFEOS_TEST_POSTGRES_URL'] && !startsRegistry) return {};
  const url = given['LIFEOS_TEST_POSTGRES_URL'] ?? (await database(dataDir, log));
  if (!startsRegistry) return { LIFEOS_TEST_POSTGRES_URL: url };
  const registryDatabase = await ensureDatabase(url, 'registry');
  const registry = await startRegistry({ dataDir: join(dataDir, 'registry'), databaseUrl: registryDatabase, log: (line) => log(`registry: ${line}`) });
  log(`the registry is ready at ${registry.url}`);
  return { LIFEOS_TEST_POSTGRES_URL: url, SCHEMA_REGISTRY_URL: registry.url };
}

async function database(dataDir: string, log: Log): Promise<string> {
  const postgres = await startPostgres({ dataDir: join(dataDir, 'postgres'), maxConnections: 300, fsync: false, log: (line) => log(`PostgreSQL: ${line}`) });
  log(`PostgreSQL is ready on 127.0.0.1:${postgres.port}`);
  return postgres.url;
}

async function broker(dataDir: string, log: Log): Promise<Record<string, string>> {
  const kafka = await startKafka({ dataDir: join(dataDir, 'kafka'), log: (line) => log(`Kafka: ${line}`) });
  log(`Kafka is ready on ${kafka.brokers.join(', ')}`);
  return { KAFKA_BROKERS: kafka.brokers.join(',') };
}
