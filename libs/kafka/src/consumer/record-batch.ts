import type { IncomingRecord } from '@lifeos/events';

/** Records of one partition in order of their offsets. */
export interface FetchedBatch {
  readonly records: readonly IncomingRecord[];
  /** The offset that was asked for; the first record may have a later one. */
  readonly fetchedOffset: number;
  /** The offset that follows the last record, also when kafkajs left some out behind it. */
  readonly nextOffset: number;
  /** The offset that the partition's next record will get. */
  readonly highWatermark: number;
}

/** How much of what was fetched is handed to the processor at once. */
export interface SliceLimits {
  readonly records: number;
  /** Of keys and values. */
  readonly bytes: number;
}

/**
 * What waits to be processed. Fetches that follow on each other are joined, so that many small ones
 * become one transaction.
 */
export class RecordQueue {
  private batches: FetchedBatch[] = [];
  private waiting = 0;

  get length(): number {
    return this.waiting;
  }

  push(batch: FetchedBatch): void {
    const last = this.batches.at(-1);
    this.waiting += batch.records.length;
    if (last?.nextOffset === batch.fetchedOffset) this.batches[this.batches.length - 1] = joined(last, batch);
    else this.batches.push(batch);
  }

  clear(): void {
    this.batches = [];
    this.waiting = 0;
  }

  /** The next records to process, at least one; null when nothing waits. They stay in the queue until `dropBefore`. */
  head({ records: mostRecords, bytes: mostBytes }: SliceLimits): FetchedBatch | null {
    const [batch] = this.batches;
    if (batch === undefined) return null;
    let bytes = 0;
    const end = batch.records.findIndex((record, index) => {
      bytes += (record.key?.length ?? 0) + (record.value?.length ?? 0);
      return index > 0 && (index >= mostRecords || bytes > mostBytes);
    });
    if (end === -1) return batch;
    return { ...batch, records: batch.records.slice(0, end), nextOffset: batch.records[end]?.offset ?? batch.nextOffset };
  }

  /** What lies before the offset is done. */
  dropBefore(offset: number): void {
    this.batches = this.batches.flatMap((batch) => {
      if (batch.nextOffset <= offset) return [];
      if (batch.fetchedOffset >= offset) return [batch];
      const records = batch.records.filter((record) => record.offset >= offset);
      return records.length === 0 ? [] : [{ ...batch, fetchedOffset: offset, records }];
    });
    this.waiting = this.batches.reduce((sum, { records }) => sum + records.length, 0);
  }
}

function joined(first: FetchedBatch, second: FetchedBatch): FetchedBatch {
  return { ...second, fetchedOffset: first.fetchedOffset, records: [...first.records, ...second.records] };
}
