/** Readable by health checks and metrics. */
export interface ConsumerState {
  /** `connecting` also while the broker is away: it is tried for ever. */
  readonly status: 'stopped' | 'connecting' | 'running' | 'stopping';
  readonly since: Date;
  readonly groupId: string;
  /** Why it is not running, or why it last was built anew. */
  readonly lastError: string | null;
  /** Consumers that were built since the start; grows with each crash. */
  readonly built: number;
  readonly partitions: readonly PartitionState[];
}

/** `halted` needs a person; `paused` tries again by itself; `finished` wants nothing more. */
export type PartitionStatus = 'positioning' | 'running' | 'paused' | 'halted' | 'finished';

export interface PartitionState {
  readonly topic: string;
  readonly partition: number;
  readonly status: PartitionStatus;
  /** Why it is paused or halted. */
  readonly reason: string | null;
  /** Everything before it is done; null until its start was found. */
  readonly nextOffset: number | null;
  /** The offset that the next record will get, as last heard. */
  readonly endOffset: number | null;
  /** Records not done yet, null while unknown. */
  readonly lag: number | null;
  /** A handler has some of them. */
  readonly isInWork: boolean;
  /** Records fetched that wait. */
  readonly queued: number;
  /** When something was last fetched or done. */
  readonly movedAt: Date;
}
