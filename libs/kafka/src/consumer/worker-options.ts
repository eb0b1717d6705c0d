import type { Batch, BatchOutcome } from '@lifeos/delivery';
import type { KafkaLogger } from '../logger.js';
import type { PartitionFeed } from './fetch-gate.js';
import type { SliceLimits } from './record-batch.js';
import type { Slots } from './slots.js';

/** What takes the records: `BatchProcessor` of `@lifeos/delivery`. */
export interface RecordProcessor {
  process(batch: Batch, signal: AbortSignal): Promise<BatchOutcome>;
}

export interface WorkerOptions {
  readonly topic: string;
  readonly partition: number;
  readonly processor: RecordProcessor;
  readonly feed: PartitionFeed;
  readonly slots: Slots;
  readonly limits: SliceLimits;
  /** Fetching rests from so many waiting records on, until half of them are done. */
  readonly mostWaiting: number;
  readonly logger: KafkaLogger;
}
