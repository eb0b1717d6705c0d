import { setTimeout as sleep } from 'node:timers/promises';
import { pointsOf } from '../points/all-points.js';
import type { KillPoint } from '../points/kill-point.js';
import type { Role, Strike } from '../service/job.js';
import type { ServiceProcess } from './service-process.js';
import { type Outcome, Stage } from './stage.js';
import type { Addresses } from './world.js';

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

export interface RoundReport extends Outcome {
  readonly seed: number;
  readonly kills: readonly Kill[];
  /** What went wrong besides the history: a point not reached, a stop that took too long. */
  readonly troubles: readonly string[];
  readonly seconds: number;
}

const reachWithinMs = 120_000;

/**
 * Two services under load; each point's victim is killed there and started again, in an order that the
 * seed chooses. Afterwards everything must come to rest, and the history is checked. The seed repeats
 * what is done, not how the machine schedules it.
 */
export async function playRound({ addresses, points, seed, say = () => undefined }: RoundOptions): Promise<RoundReport> {
  const startedAt = performance.now();
  const stage = await Stage.open({ addresses, seed });
  try {
    const told = (line: string): void => say(`seed ${seed}: ${line}`);
    const chains = (['quests', 'dashboard'] as const).map((role) => new Chain(stage, role, told).play(pointsOf(points, role)));
    const kills = (await Promise.all(chains)).flat();
    const outcome = await stage.rest();
    return { seed, kills, ...outcome, troubles: stage.troubles, seconds: (performance.now() - startedAt) / 1_000 };
  } finally {
    await stage.end();
  }
}

/** The kills of one service, one after the other. */
class Chain {
  constructor(private readonly stage: Stage, private readonly role: Role, private readonly say: (line: string) => void) {}

  /** Ends with a process that lives and is not to be killed. */
  async play(points: readonly KillPoint[]): Promise<Kill[]> {
    const { random } = this.stage;
    const kills: Kill[] = [];
    for (const [point, passing] of random.shuffled(points).map((each) => [each, 1 + random.upTo(each.passings - 1)] as const)) {
      kills.push(await this.killAt(point, { point: point.name, passing }));
    }
    await this.stage.start(this.role).ready;
    return kills;
  }

  private async killAt(point: KillPoint, strike: Strike): Promise<Kill> {
    const victim = this.stage.start(this.role, strike);
    const happened = await this.bringTo(victim, point);
    this.say(`${happened ? 'killed' : 'NOT killed'}: ${this.role} at ${point.name}, passing ${strike.passing}`);
    if (!happened) this.stage.troubles.push(`${this.role} did not come to ${point.name}, passing ${strike.passing}. ${victim.lastWords}`);
    await victim.kill();
    return { ...strike, happened };
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
    const before = await this.stage.committed(this.role);
    const deadline = Date.now() + reachWithinMs / 2;
    while (victim.isRunning && Date.now() < deadline && (await this.stage.committed(this.role)) === before) await sleep(20);
    await sleep(this.stage.random.upTo(200));
  }

  private async provoke(victim: ServiceProcess, how: NonNullable<KillPoint['provoke']>): Promise<void> {
    if (how === 'stop') return void (await victim.stop(reachWithinMs + 5_000));
    while (victim.isRunning) {
      const other = this.stage.start(this.role);
      await Promise.race([other.ready.then(() => sleep(5_000, undefined, { ref: false })), victim.ended]);
      await this.stage.stop(other);
    }
  }
}
