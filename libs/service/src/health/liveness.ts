import type { ConsumerState, PartitionState } from '@lifeos/kafka';

export interface LivenessReport {
  readonly status: 'live' | 'stuck';
  /** Partitions for which a restart is due. */
  readonly stuck?: readonly string[];
}

/** Where a partition stood when it last moved. */
interface Mark {
  readonly at: number;
  readonly nextOffset: number | null;
  readonly endOffset: number | null;
}

const withinMs = 60_000;
const lookEveryMs = 5_000;

/**
 * Whether a restart would help: a partition that should be read has not moved for a minute, although more
 * came in. One that is paused, halted or in work says itself why it stands, and while the broker is
 * away no end moves.
 */
export class Liveness {
  private marks: ReadonlyMap<string, Mark> = new Map();
  private timer: NodeJS.Timeout | undefined;

  constructor(
    /** Null: nothing is consumed. */
    private readonly state: () => ConsumerState | null,
    private readonly monotonicMs: () => number = () => performance.now(),
  ) {}

  /** Looks from now on; keeps no process alive. */
  start(): void {
    this.timer ??= setInterval(() => this.look(), lookEveryMs).unref();
  }

  stop(): void {
    clearInterval(this.timer);
  }

  report(): LivenessReport {
    this.look();
    const now = this.monotonicMs();
    const state = this.state();
    if (state === null || state.status === 'stopped' || state.status === 'stopping') return { status: 'live' };
    const stuck = [...this.marks].flatMap(([name, mark]) => (now - mark.at > withinMs && this.hasGrown(name, mark, state) ? [name] : []));
    return stuck.length === 0 ? { status: 'live' } : { status: 'stuck', stuck };
  }

  /** A consumer that is being built anew holds nothing for the moment: what it held has not moved. */
  private look(): void {
    const state = this.state();
    if (state === null || (state.status === 'connecting' && state.partitions.length === 0)) return;
    const now = this.monotonicMs();
    this.marks = new Map(state.partitions.map((partition) => {
      const mark = this.marks.get(nameOf(partition));
      return [nameOf(partition), mark === undefined || hasMoved(partition, mark) ? { at: now, nextOffset: partition.nextOffset, endOffset: partition.endOffset } : mark];
    }));
  }

  private hasGrown(name: string, mark: Mark, { partitions }: ConsumerState): boolean {
    const end = partitions.find((partition) => nameOf(partition) === name)?.endOffset ?? null;
    return end !== null && end > (mark.endOffset ?? end);
  }
}

function hasMoved({ status, isInWork, lag, nextOffset }: PartitionState, mark: Mark): boolean {
  if (status === 'paused' || status === 'halted' || status === 'finished' || isInWork || lag === 0) return true;
  // What a consumer that was built anew does not know yet is no step forward.
  return nextOffset !== null && mark.nextOffset !== null && nextOffset !== mark.nextOffset;
}

const nameOf = ({ topic, partition }: PartitionState): string => `${topic} partition ${partition}`;
