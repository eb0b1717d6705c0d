import { rmSync } from 'node:fs';
import { chmod, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureDatabase, type RunningKafka, type RunningPostgres, type RunningRegistry, startKafka, startPostgres, startRegistry } from '@lifeos/local';
import type { Addresses } from '../harness/world.js';

type Say = (line: string) => void;
type Node = RunningKafka['nodes'][number];

/** Broker, registry and database of our own, which may be killed. Ports stay the same over restarts. */
export class OwnParts {
  private constructor(
    private readonly folder: string,
    private postgres: RunningPostgres,
    private registry: RunningRegistry,
    private readonly nodes: Node[],
    private readonly registryDatabase: string,
  ) {}

  static async start(brokers: 1 | 3, say: Say): Promise<OwnParts> {
    const folder = await mkdtemp(join(tmpdir(), 'lifeos-chaos-'));
    process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
    // PostgreSQL runs as a user of its own when this process is root's.
    await chmod(folder, 0o755);
    const [kafka, [postgres, registry, registryDatabase]] = await Promise.all([
      startKafka({ dataDir: join(folder, 'kafka'), nodes: brokers, log: say }),
      startDatabaseAndRegistry(folder, say),
    ]);
    return new OwnParts(folder, postgres, registry, [...kafka.nodes], registryDatabase);
  }

  get addresses(): Addresses {
    return { postgresUrl: this.postgres.url, brokers: this.nodes.map(({ broker }) => broker), registryUrl: this.registry.url };
  }

  get brokerCount(): number {
    return this.nodes.length;
  }

  async killBroker(index: number): Promise<void> {
    await end(this.nodes[index], 'SIGKILL');
  }

  async stopBroker(index: number): Promise<void> {
    await this.nodes[index]?.stop();
  }

  async startBroker(index: number): Promise<void> {
    const node = await this.nodes[index]?.restart();
    if (node !== undefined) this.nodes[index] = node;
  }

  /** `fast` ends sessions and writes a checkpoint; `crash` ends every server process where it stands. */
  async stopDatabase(how: 'fast' | 'crash'): Promise<void> {
    if (how === 'crash') await end(this.postgres, 'SIGQUIT');
    else await this.postgres.stop();
  }

  async startDatabase(): Promise<void> {
    this.postgres = await startPostgres(postgresOptions(this.folder, this.postgres.port));
  }

  async stopRegistry(): Promise<void> {
    await this.registry.stop();
  }

  async startRegistry(): Promise<void> {
    const port = Number(new URL(this.registry.url).port);
    this.registry = await startRegistry({ dataDir: join(this.folder, 'registry'), databaseUrl: this.registryDatabase, port });
  }

  async stop(): Promise<void> {
    await this.registry.stop();
    await Promise.all([...this.nodes.map((node) => node.stop()), this.postgres.stop()]);
  }
}

async function startDatabaseAndRegistry(folder: string, say: Say): Promise<[RunningPostgres, RunningRegistry, string]> {
  const postgres = await startPostgres({ ...postgresOptions(folder), log: say });
  const databaseUrl = await ensureDatabase(postgres.url, 'registry');
  return [postgres, await startRegistry({ dataDir: join(folder, 'registry'), databaseUrl, log: say }), databaseUrl];
}

function postgresOptions(folder: string, port?: number): Parameters<typeof startPostgres>[0] {
  return { dataDir: join(folder, 'postgres'), maxConnections: 300, ...(port === undefined ? {} : { port }) };
}

async function end(part: { pid: number; exited: Promise<string> } | undefined, signal: NodeJS.Signals): Promise<void> {
  if (part === undefined) return;
  process.kill(part.pid, signal);
  await part.exited;
}
