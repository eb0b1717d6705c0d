import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureDatabase, startKafka, startPostgres, startRegistry, versions } from '@lifeos/local';
import type { ProcessNote } from '../harness/messages.js';
import { settleBroker } from './kafka.js';
import type { BenchEnv, Part } from '../harness/scenario.js';

export interface Parts {
  readonly addresses: Pick<BenchEnv, 'postgresUrl' | 'brokers' | 'registryUrl'>;
  readonly processes: readonly ProcessNote[];
  /** Ends what was started and removes its data. Safe to call twice. */
  stop(): Promise<void>;
}

/** What runs, last started first. */
class Started {
  readonly processes: ProcessNote[] = [];
  private readonly ends: (() => Promise<void>)[] = [];

  add<T extends { pid: number; stop(): Promise<void> }>(what: string, part: T): T {
    this.processes.push({ pid: part.pid, what });
    this.ends.unshift(() => part.stop());
    return part;
  }

  async stop(): Promise<void> {
    for (let end = this.ends.shift(); end !== undefined; end = this.ends.shift()) await end();
  }
}

/** Starts what the scenarios need, in a temporary folder and on free ports. */
export async function startParts(needs: ReadonlySet<Part>, say: (line: string) => void): Promise<Parts> {
  const started = new Started();
  const folder = await mkdtemp(join(tmpdir(), 'lifeos-bench-'));
  // PostgreSQL runs as a user of its own when this process is root's.
  await chmod(folder, 0o755);
  const stop = async (): Promise<void> => {
    await started.stop();
    await rm(folder, { recursive: true, force: true });
  };
  try {
    const [postgresUrl, registryUrl] = await startDatabaseAndRegistry(needs, { folder, started, say });
    const brokers = needs.has('kafka') ? await startBroker({ folder, started, say }) : [];
    return { addresses: { postgresUrl, brokers, registryUrl }, processes: started.processes, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

interface Context {
  readonly folder: string;
  readonly started: Started;
  readonly say: (line: string) => void;
}

/** The registry keeps its schemas in the database. */
async function startDatabaseAndRegistry(needs: ReadonlySet<Part>, { folder, started, say }: Context): Promise<[string, string]> {
  if (!needs.has('postgres') && !needs.has('registry')) return ['', ''];
  say(`starting PostgreSQL ${versions.postgres}`);
  const { url } = started.add(`PostgreSQL ${versions.postgres}`, await startPostgres({ dataDir: join(folder, 'postgres'), log: say }));
  if (!needs.has('registry')) return [url, ''];
  say(`starting Apicurio Registry ${versions.apicurioRegistry}`);
  const databaseUrl = await ensureDatabase(url, 'registry');
  const registry = await startRegistry({ dataDir: join(folder, 'registry'), databaseUrl, log: say });
  return [url, started.add(`Apicurio Registry ${versions.apicurioRegistry}`, registry).url];
}

async function startBroker({ folder, started, say }: Context): Promise<string[]> {
  say(`starting Kafka ${versions.kafka}`);
  const { brokers } = started.add(`Kafka ${versions.kafka}`, await startKafka({ dataDir: join(folder, 'kafka'), log: say }));
  await settleBroker(brokers);
  return brokers;
}
