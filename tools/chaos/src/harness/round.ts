import { setTimeout as sleep } from 'node:timers/promises';
import { checkHistory } from '../history/check-history.js';
import type { Verdict } from '../history/history.js';
import { everParked, readHistory } from '../history/read-history.js';
import { pointsOf } from '../points/all-points.js';
import type { KillPoint } from '../points/kill-point.js';
import type { Job, Load, Role, Strike } from '../service/job.js';
import { randomFrom } from './random.js';
import { ServiceProcess } from './service-process.js';
import { untilSettled } from './settled.js';
import { type Addresses, createWorld, type World } from './world.js';

export interface RoundOptions {
  readonly addresses: Addresses;
  readonly points: readonly KillPoint[];
  readonly seed: number;
  readonly say?: (line: string) => void;
}

/** One kill of a round. */
export interface Kill extends Strike {
  /** False: the process never came to the point, so nothing was proved. */
  readonly happened: boolean;
}

export interface RoundReport {
  readonly seed: number;
  readonly kills: readonly Kill[];
  readonly verdict: Verdict;
  /** Events that were put aside; all of them are handled in the end. */
  readonly everParked: number;
  /** What went wrong besides the history: a point not reached, a stop that took too long. */
  readonly troubles: readonly string[];
  readonly seconds: number;
}

const reachWithinMs = 40_000;

/**
 * Two services under load; each point's victim is killed there and started again, in an order that the
 * seed chooses. Afterwards everything must come to rest, and the history is checked. The seed repeats
 * what is done, not how the machine schedules it.
 */
export async function playRound(options: RoundOptions): Promise<RoundReport> {
  const startedAt = performance.now();
  const random = randomFrom(options.seed);
  const load: Load = { users: 5 + random.upTo(20), writers: 2, pauseMs: 20 + random.upTo(20), refuseEvery: 11 + random.upTo(20) };
  const world = await createWorld(options.addresses, load);
  const round = new Round(world, options);
  try {
    const kills = await round.play();
    const verdict = checkHistory(await readHistory(world, round.acknowledged));
    return { seed: options.seed, kills, verdict, everParked: await everParked(world), troubles: round.troubles, seconds: (performance.now() - startedAt) / 1_000 };
  } finally {
    await round.endAll();
    await world.end();
  }
}

class Round {
  readonly acknowledged: string[] = [];
  readonly troubles: string[] = [];
  private readonly running = new Set<ServiceProcess>();
  private readonly random;
  private readonly say;

  constructor(private readonly world: World, private readonly options: RoundOptions) {
    this.random = randomFrom(options.seed + 1);
    this.say = options.say ?? (() => undefined);
  }

  async play(): Promise<Kill[]> {
    const chains = (['quests', 'dashboard'] as const).map((role) => this.killAt(role, this.strikes(role)));
    const kills = (await Promise.all(chains)).flat();
    await this.rest();
    return kills;
  }

  async endAll(): Promise<void> {
    await Promise.all([...this.running].map((process) => process.kill()));
  }

  private strikes(role: Role): { point: KillPoint; passing: number }[] {
    return this.random.shuffled(pointsOf(this.options.points, role)).map((point) => ({ point, passing: 1 + this.random.upTo(point.passings - 1) }));
  }

  /** Ends with a process of the role that lives and is not to be killed. */
  private async killAt(role: Role, strikes: readonly { point: KillPoint; passing: number }[]): Promise<Kill[]> {
    const kills: Kill[] = [];
    for (const { point, passing } of strikes) {
      await this.freeClaims(role);
      const strike = { point: point.name, passing };
      const victim = this.start(role, strike);
      const happened = await this.bringTo(victim, point);
      this.say(`seed ${this.options.seed}: ${happened ? 'killed' : 'NOT killed'} ${role} at ${point.name}, passing ${passing}`);
      if (!happened) this.troubles.push(`${role} did not come to ${point.name}, passing ${passing}. ${victim.lastWords}`);
      await victim.kill();
      kills.push({ ...strike, happened });
    }
    await this.freeClaims(role);
    await this.start(role, null).ready;
    return kills;
  }

  /** What a dead process had in hand for retries is free a minute later; this run has no minute. */
  private async freeClaims(role: Role): Promise<void> {
    if (role === 'dashboard') await this.world.databases.dashboard.query('UPDATE dead_letters SET claimed_until = NULL WHERE claimed_until IS NOT NULL');
  }

  private async bringTo(victim: ServiceProcess, point: KillPoint): Promise<boolean> {
    const died = victim.ended.then(({ signal }) => signal === 'SIGKILL');
    const late = sleep(reachWithinMs, false, { ref: false });
    if (point.provoke !== undefined) {
      await Promise.race([victim.ready, died]).catch(() => undefined);
      await this.untilWorking(victim);
      void this.provoke(victim, point.provoke);
    }
    return Promise.race([died, late]);
  }

  /** Provoking a service that does nothing yet would prove little. */
  private async untilWorking(victim: ServiceProcess): Promise<void> {
    const before = await this.progressOf(victim.job.role);
    const deadline = Date.now() + reachWithinMs / 2;
    while (victim.isRunning && Date.now() < deadline && (await this.progressOf(victim.job.role)) === before) await sleep(20);
    await sleep(this.random.upTo(200));
  }

  private async progressOf(role: Role): Promise<string> {
    const { rows } = await this.world.databases[role].query<{ last: string }>('SELECT coalesce(max(seq), 0)::text AS last FROM event_log');
    return rows[0]?.last ?? '';
  }

  private async provoke(victim: ServiceProcess, how: NonNullable<KillPoint['provoke']>): Promise<void> {
    if (how === 'stop') return void (await victim.stop(reachWithinMs + 5_000));
    while (victim.isRunning) {
      const other = this.start(victim.job.role, null);
      await Promise.race([other.ready.then(() => sleep(5_000, undefined, { ref: false })), victim.ended]);
      await this.stop(other);
    }
  }

  private start(role: Role, strike: Strike | null): ServiceProcess {
    const { brokers, registryUrl, run, load, urls } = this.world;
    const job: Job = { role, run, strike, load, brokers, registryUrl, via: {}, databaseUrl: urls[role], seed: this.random.upTo(1e9) };
    const process = new ServiceProcess(job, (ids) => this.acknowledged.push(...ids));
    this.running.add(process);
    void process.ended.then(() => this.running.delete(process));
    return process;
  }

  private async stop(process: ServiceProcess): Promise<void> {
    // Earlier it cannot hear the signal.
    await process.ready.catch(() => undefined);
    if (!process.isRunning) return;
    const { code, signal } = await process.stop();
    if (code !== 0) this.troubles.push(`${process.job.role} did not stop in order: ${signal ?? `code ${code}`}. ${process.lastWords}`);
  }

  /** No more commands, everything arrives, all stop in order. */
  private async rest(): Promise<void> {
    const alive = [...this.running];
    await Promise.all(alive.filter(({ job }) => job.role === 'quests').map((process) => process.quiet()));
    const unsettled = await untilSettled(this.world);
    if (unsettled !== null) this.troubles.push(unsettled);
    await Promise.all(alive.map((process) => this.stop(process)));
  }
}
