import { checkHistory } from '../history/check-history.js';
import type { Verdict } from '../history/history.js';
import { everParked, readHistory } from '../history/read-history.js';
import type { Job, Load, Pace, Role, Strike } from '../service/job.js';
import { type Random, randomFrom } from './random.js';
import { ServiceProcess } from './service-process.js';
import { untilSettled } from './settled.js';
import { type Addresses, createWorld, type World } from './world.js';

export interface StageOptions {
  readonly addresses: Addresses;
  readonly seed: number;
  readonly load?: Partial<Load>;
  /** How soon the group notices a dead member. Default `short`. */
  readonly pace?: Pace;
  /** Ports of brokers that the services reach through another port. */
  readonly via?: Readonly<Record<string, number>>;
  /** Where the services find registry and database server, when not where the stage does. */
  readonly servicesSee?: { readonly registryUrl?: string; readonly postgresPort?: number };
}

/** What is known when everything has come to rest. */
export interface Outcome {
  readonly verdict: Verdict;
  /** Events that were put aside; all of them are handled in the end. */
  readonly everParked: number;
}

/** Two databases, two topics and the service processes between them, for one run. */
export class Stage {
  readonly acknowledged: string[] = [];
  /** What went wrong besides the history. */
  readonly troubles: string[] = [];
  readonly random: Random;
  private readonly running = new Set<ServiceProcess>();

  private constructor(readonly world: World, private readonly options: StageOptions) {
    this.random = randomFrom(options.seed + 1);
  }

  static async open(options: StageOptions): Promise<Stage> {
    const random = randomFrom(options.seed);
    const load: Load = { users: 5 + random.upTo(20), writers: 2, pauseMs: 80 + random.upTo(80), refuseEvery: 11 + random.upTo(20), ...options.load };
    return new Stage(await createWorld(options.addresses, load), options);
  }

  start(role: Role, strike: Strike | null = null): ServiceProcess {
    const { brokers, run, load, urls } = this.world;
    const { pace = 'short', via = {}, servicesSee = {} } = this.options;
    const job: Job = {
      role, run, strike, load, brokers, via, pace,
      registryUrl: servicesSee.registryUrl ?? this.world.registryUrl,
      databaseUrl: throughPort(urls[role], servicesSee.postgresPort),
      seed: this.random.upTo(1e9),
    };
    const process = new ServiceProcess(job, (ids) => this.acknowledged.push(...ids));
    this.running.add(process);
    void process.ended.then(() => this.running.delete(process));
    return process;
  }

  /** Stops it as an operator would, and says so when it does not obey. Resolves with the ms that it took. */
  async stop(process: ServiceProcess): Promise<number> {
    // Earlier it cannot hear the signal.
    await process.ready.catch(() => undefined);
    if (!process.isRunning) return 0;
    const startedAt = performance.now();
    const { code, signal } = await process.stop();
    if (code !== 0) this.troubles.push(`${process.job.role} did not stop in order: ${signal ?? `code ${code}`}. ${process.lastWords}`);
    return performance.now() - startedAt;
  }

  /** No more commands, everything arrives, all stop in order, and the history is checked. */
  async rest(): Promise<Outcome> {
    const alive = [...this.running];
    await Promise.all(alive.filter(({ job }) => job.role === 'quests').map((process) => process.quiet()));
    const unsettled = await untilSettled(this.world);
    if (unsettled !== null) this.troubles.push(unsettled);
    await Promise.all(alive.map((process) => this.stop(process)));
    return { verdict: checkHistory(await readHistory(this.world, this.acknowledged)), everParked: await everParked(this.world) };
  }

  /** Grows with each event that the role's service commits. */
  async committed(role: Role): Promise<number> {
    const { rows } = await this.world.databases[role].query<{ last: string }>('SELECT coalesce(max(seq), 0) AS last FROM event_log');
    return Number(rows[0]?.last ?? 0);
  }

  /** Whatever still runs is killed, databases are dropped. */
  async end(): Promise<void> {
    await Promise.all([...this.running].map((process) => process.kill()));
    await this.world.end();
  }
}

function throughPort(url: string, port: number | undefined): string {
  if (port === undefined) return url;
  const changed = new URL(url);
  changed.port = String(port);
  return changed.href;
}
