import type { ConsumerState, PartitionLag, PartitionState } from '@lifeos/kafka';

export interface LivenessReport {
  readonly status: 'live' | 'stuck';
  /** Partitions for which a restart is due. */
  readonly stuck?: readonly string[];
}

/** What a service can know of its own consumption. */
export interface ConsumptionSight {
  /** Null: nothing is consumed. */
  state(): ConsumerState | null;
  /** How far the service's group is, whoever its members are. Rejects while the broker is away. */
  group(): Promise<readonly PartitionLag[]>;
  /** Rejects while the database is away. */
  database(): Promise<unknown>;
}

/** Where a partition stood when it last moved. */
interface Mark {
  readonly next: number | null;
  readonly end: number | null;
  /** When its end was first seen to have moved since; null: it has not. */
  readonly grownAt: number | null;
}

interface Seen {
  readonly name: string;
  readonly next: number | null;
  readonly end: number | null;
  /** Nothing is to be done, or it says itself why it stands. */
  readonly isExcused: boolean;
}

const lookEveryMs = 5_000;
const answerWithinMs = 5_000;

/**
 * Whether a restart would help: a partition that should be read does not move for so long, although more
 * comes in. One that is paused, halted or in work says itself why it stands (a handler in work has a limit
 * of its own). A consumer that does not come into its group, or does not find where to begin, is measured
 * by what the group commits. While the broker or the database is away no time counts: a new process
 * would find them away as well.
 */
export class Liveness {
  private readonly marks = new Map<string, Mark>();
  private timer: NodeJS.Timeout | undefined;
  private looking: Promise<void> | null = null;

  constructor(
    private readonly sight: ConsumptionSight,
    private readonly limitMs: number,
    private readonly monotonicMs: () => number = () => performance.now(),
  ) {}

  /** Looks from now on; keeps no process alive. */
  start(): void {
    this.timer ??= setInterval(() => void this.look(), Math.min(lookEveryMs, this.limitMs / 4)).unref();
  }

  stop(): void {
    clearInterval(this.timer);
  }

  /** As the last look found it. */
  report(): LivenessReport {
    const now = this.monotonicMs();
    if (!isWanted(this.sight.state())) return { status: 'live' };
    const stuck = [...this.marks].flatMap(([name, { grownAt }]) => (grownAt !== null && now - grownAt > this.limitMs ? [name] : []));
    return stuck.length === 0 ? { status: 'live' } : { status: 'stuck', stuck };
  }

  /** One at a time. Never rejects. */
  look(): Promise<void> {
    this.looking ??= this.lookNow().finally(() => (this.looking = null));
    return this.looking;
  }

  private async lookNow(): Promise<void> {
    const state = this.sight.state();
    if (!isWanted(state)) return this.marks.clear();
    const isReading = state.status === 'running' && state.partitions.every(({ status }) => status !== 'positioning');
    if (isReading) this.see(state.partitions.map(ofOwn));
    else await this.seeGroup();
    const isDoubtful = [...this.marks.values()].some(({ grownAt }) => grownAt !== null);
    if (isDoubtful && (await answerOf(this.sight.database())) === null) this.startOver();
  }

  private async seeGroup(): Promise<void> {
    const answer = await answerOf(this.sight.group());
    if (answer === null) return this.startOver();
    const seen = answer.value.map((partition) => ofGroup(partition, this.marks.get(nameOf(partition))));
    // Others have the partitions, or some are read before the others begin.
    const goesOn = seen.some((one) => hasMoved(one, this.marks.get(one.name)));
    this.see(seen.map((one) => ({ ...one, isExcused: one.isExcused || goesOn })));
  }

  /** Forgets partitions that are not seen: another member has them. */
  private see(seen: readonly Seen[]): void {
    const before = new Map(this.marks);
    this.marks.clear();
    for (const one of seen) {
      const mark = before.get(one.name);
      const next = one.next ?? mark?.next ?? null;
      const isNew = mark === undefined || one.isExcused || hasMoved(one, mark);
      this.marks.set(one.name, isNew ? { next, end: one.end, grownAt: null } : { next, end: mark.end ?? one.end, grownAt: mark.grownAt ?? this.grownNow(one, mark) });
    }
  }

  private grownNow({ end }: Seen, mark: Mark): number | null {
    return end !== null && mark.end !== null && end > mark.end ? this.monotonicMs() : null;
  }

  private startOver(): void {
    for (const [name, mark] of this.marks) this.marks.set(name, { ...mark, grownAt: null });
  }
}

const isWanted = (state: ConsumerState | null): state is ConsumerState => state !== null && state.status !== 'stopped' && state.status !== 'stopping';

const hasMoved = ({ next }: Seen, mark: Mark | undefined): boolean => next !== null && mark?.next !== undefined && mark.next !== null && next !== mark.next;

const nameOf = ({ topic, partition }: { topic: string; partition: number }): string => `${topic} partition ${partition}`;

function ofOwn(partition: PartitionState): Seen {
  const { status, isInWork, lag, nextOffset, endOffset } = partition;
  const isExcused = status === 'paused' || status === 'halted' || status === 'finished' || isInWork || lag === 0;
  return { name: nameOf(partition), next: nextOffset, end: endOffset, isExcused };
}

/** What the group committed is a little behind what its members did: going back to it is no step. */
function ofGroup(partition: PartitionLag, mark: Mark | undefined): Seen {
  const committed = partition.committed ?? partition.low;
  return { name: nameOf(partition), next: Math.max(committed, mark?.next ?? committed), end: partition.high, isExcused: partition.lag === 0 };
}

/** Null when it does not come in time, or comes as an error. */
async function answerOf<T>(asked: Promise<T>): Promise<{ readonly value: T } | null> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), answerWithinMs);
  });
  return Promise.race([asked.then((value) => ({ value }), () => null), late]).finally(() => clearTimeout(timer));
}
