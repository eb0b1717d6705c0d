import type { IncomingRecord } from '@lifeos/events';

/** What one fetch of one partition brought. */
export interface Batch {
  readonly topic: string;
  readonly partition: number;
  /** In order of their offsets; holes are what compaction and transaction markers leave. */
  readonly records: readonly IncomingRecord[];
  /** The offset that was asked of the broker, not that of the first record. */
  readonly fetchedOffset: number;
  /** End of the partition when it was fetched: the offset that the next record will get. */
  readonly highWatermark: number;
  /** Oldest offset that the partition still holds. Default 0, right for topics that keep everything. */
  readonly logStartOffset?: number;
}

/** What the consumer does next. */
export type BatchOutcome =
  /** All before `nextOffset` is handled, parked or skipped, and committed: go on there. Less than the batch's end when it was told to stop. */
  | { readonly kind: 'done'; readonly nextOffset: number }
  /** Records before this batch are missing here: fetch from `offset`. */
  | { readonly kind: 'seek'; readonly offset: number }
  /** Database or registry is away, or (`isExpected`) another group must come first; nothing was parked: fetch the same again after this time; null: after one that grows until something is done. */
  | { readonly kind: 'pause'; readonly reason: string; readonly retryAfterMs: number | null; readonly isExpected?: boolean }
  /** The handler of this group has gone live: nothing of this partition is wanted here any more. */
  | { readonly kind: 'finished' }
  /** A person must decide: stop this partition and raise an alarm. */
  | { readonly kind: 'halt'; readonly reason: string };
