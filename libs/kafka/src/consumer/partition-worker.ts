import type { BatchOutcome } from '@lifeos/delivery';
import { GrowingWait, sleep } from '../timing.js';
import type { PartitionState, PartitionStatus } from './consumer-state.js';
import { FetchGate } from './fetch-gate.js';
import { RecordQueue, type FetchedBatch } from './record-batch.js';
import type { WorkerOptions } from './worker-options.js';

/** Up to so many records take a transaction no longer than its round trips do. */
const smallSlice = 20;

interface Attempted {
  readonly slice: FetchedBatch;
  readonly outcome: BatchOutcome | null;
}

/**
 * Takes one partition's records to the processor, slice by slice, while kafkajs goes on fetching: a
 * slow handler holds back its own partition and no other. What the processor or the records do never
 * reaches kafkajs.
 */
export class PartitionWorker {
  private readonly queue = new RecordQueue();
  private readonly fetch: FetchGate;
  /** Cuts off what is in work. */
  private readonly ending = new AbortController();
  /** Ends what only waits. */
  private readonly leaving = new AbortController();
  private status: PartitionStatus = 'positioning';
  private reason: string | null = null;
  private work: Promise<void> | null = null;
  private readonly retries = new GrowingWait(500, 30_000);
  /** For what comes back by itself, and is then to be noticed soon. */
  private readonly waits = new GrowingWait(500, 10_000);
  private seeksInVain = 0;
  private highWatermark: number | null = null;
  private logStart = 0;
  /** Everything before it is done. */
  private next: number | null = null;
  private movedAt = Date.now();

  constructor(private readonly options: WorkerOptions) {
    this.fetch = new FetchGate(options.feed);
  }

  /** Starts at the offset. */
  begin(offset: number): void {
    if (this.isLeaving) return;
    this.next = offset;
    this.movedAt = Date.now();
    this.setStatus('running');
    this.fetch.seek(offset);
    this.fetch.open();
  }

  /** Takes what was fetched; false when it is not wanted and must be fetched again. */
  offer(batch: FetchedBatch): boolean {
    if (this.isLeaving || !this.wantsRecords) return false;
    const follows = this.fetch.follows(batch.fetchedOffset);
    if (!follows) this.options.logger.warn({ ...this.where, asked: this.fetch.next, got: batch.fetchedOffset }, 'The broker lacks the offset that was asked for; kafkajs went elsewhere');
    // Offsets that hold nothing (markers, compaction) were passed by kafkajs itself.
    const from = follows && this.queue.length === 0 ? (this.next ?? batch.fetchedOffset) : batch.fetchedOffset;
    this.queue.push({ ...batch, fetchedOffset: from });
    this.highWatermark = Math.max(batch.highWatermark, this.highWatermark ?? 0);
    this.passed(batch.nextOffset);
    if (this.queue.length >= this.options.mostWaiting) this.fetch.close();
    this.startWork();
    return true;
  }

  /** The fetch went on to this offset; there may have been nothing to hand out. */
  passed(nextOffset: number): void {
    if (this.status === 'positioning') return;
    this.fetch.passed(nextOffset);
    this.movedAt = Date.now();
  }

  /** What the partition holds, as the broker says. */
  bounds(low: number, high: number): void {
    [this.logStart, this.highWatermark] = [low, high];
  }

  /** Stays where it is until `release`. */
  halt(reason: string, position = this.next): void {
    this.fetch.close();
    this.queue.clear();
    this.next = position;
    this.setStatus('halted', reason);
    this.options.logger.error({ ...this.where, nextOffset: this.next, reason }, 'Consuming this partition has stopped until a person decides');
  }

  /** Nothing of the partition is wanted any more. */
  finish(): void {
    this.fetch.close();
    this.queue.clear();
    this.setStatus('finished');
  }

  /** A person decided: the partition is tried again, from its beginning when it no longer holds the old position. */
  release(): boolean {
    if (this.status !== 'halted') return false;
    const isHeld = this.next !== null && this.next >= this.logStart && this.next <= (this.highWatermark ?? this.next);
    this.begin(isHeld ? (this.next ?? this.logStart) : this.logStart);
    return true;
  }

  /** Takes no further slice; resolves when the one in work has ended. */
  async drain(): Promise<void> {
    this.leaving.abort();
    this.fetch.close();
    await this.work;
  }

  /** Ends at once: the partition is lost, or time is up. What is in work rolls back. */
  end(reason: Error): void {
    this.leaving.abort();
    this.ending.abort(reason);
    this.queue.clear();
  }

  /** When the work that `end` cut off has come back. */
  async ended(): Promise<void> {
    await this.work;
  }

  /** Everything before it is done; null until its start was found. */
  get position(): number | null {
    return this.next;
  }

  get state(): PartitionState {
    const { next: nextOffset, highWatermark: endOffset, status, reason } = this;
    // With nothing left to do, what was passed without records (markers) is no lag.
    const passed = this.work === null && this.queue.length === 0 ? this.fetch.next : nextOffset;
    const lag = endOffset === null || nextOffset === null ? null : Math.max(0, endOffset - Math.max(nextOffset, passed ?? 0));
    return { ...this.where, status, reason, nextOffset, endOffset, lag, isInWork: this.work !== null, queued: this.queue.length, movedAt: new Date(this.movedAt) };
  }

  /** True when there are records, none comes and none is in work. */
  isStalled(afterMs: number): boolean {
    if (this.status !== 'running' || this.work !== null || this.highWatermark === null) return false;
    return (this.fetch.next ?? this.logStart) < this.highWatermark && Date.now() - this.movedAt > afterMs;
  }

  private startWork(): void {
    this.work ??= this.run().finally(() => {
      this.work = null;
      if (this.queue.length > 0 && this.wantsRecords && !this.isLeaving) this.startWork();
    });
  }

  private async run(): Promise<void> {
    const { limits, slots } = this.options;
    while (!this.isLeaving && this.wantsRecords && this.queue.length > 0) {
      // Taken when its turn has come: what arrived while it waited goes along.
      const step = async (): Promise<Attempted | null> => {
        const slice = this.queue.head(limits);
        return slice && { slice, outcome: await this.attempt(slice) };
      };
      const done = await (this.queue.length <= smallSlice ? slots.runSmall(step) : slots.run(step));
      if (done?.outcome && !this.ending.signal.aborted) await this.apply(done.outcome, done.slice);
    }
  }

  private async attempt({ records, fetchedOffset, highWatermark }: FetchedBatch): Promise<BatchOutcome | null> {
    // It may have waited long for its turn.
    if (this.isLeaving) return null;
    const { processor, logger } = this.options;
    try {
      return await processor.process({ ...this.where, records, fetchedOffset, highWatermark, logStartOffset: this.logStart }, this.ending.signal);
    } catch (err) {
      if (this.ending.signal.aborted) return null;
      logger.error({ ...this.where, err, fetchedOffset }, 'Processing failed in an unforeseen way; the same records are tried again');
      return { kind: 'pause', reason: err instanceof Error ? err.message : String(err), retryAfterMs: this.retries.next() };
    }
  }

  private async apply(outcome: BatchOutcome, slice: FetchedBatch): Promise<void> {
    switch (outcome.kind) {
      case 'done':
        return outcome.nextOffset > slice.fetchedOffset ? this.done(outcome.nextOffset) : this.wait('the processor did not move on', this.retries.next());
      case 'seek':
        return this.seek(outcome.offset);
      case 'pause':
        return this.wait(outcome.reason, outcome.retryAfterMs ?? this.waits.next(), outcome.isExpected);
      case 'finished':
        return this.finish();
      case 'halt':
        return this.halt(outcome.reason);
    }
  }

  private done(nextOffset: number): void {
    this.retries.reset();
    this.waits.reset();
    this.seeksInVain = 0;
    this.next = nextOffset;
    this.movedAt = Date.now();
    this.queue.dropBefore(nextOffset);
    if (this.fetch.next !== null && nextOffset > this.fetch.next) this.fetch.seek(nextOffset);
    if (2 * this.queue.length <= this.options.mostWaiting && !this.isLeaving) this.fetch.open();
  }

  private async seek(offset: number): Promise<void> {
    this.queue.clear();
    this.next = offset;
    this.seeksInVain += 1;
    // The broker may not have that offset either; asking again at once would never end.
    if (this.seeksInVain > 1) await this.wait(`reading again from ${offset}`, this.retries.next());
    if (this.isLeaving) return;
    this.queue.clear();
    this.fetch.seek(offset);
    this.fetch.open();
  }

  private async wait(reason: string, ms: number, isExpected = false): Promise<void> {
    this.setStatus('paused', reason);
    const { logger } = this.options;
    (isExpected ? logger.debug : logger.warn).call(logger, { ...this.where, reason, retryAfterMs: ms }, 'Consuming this partition waits');
    await sleep(ms, this.leaving.signal);
    if (!this.isLeaving) this.setStatus('running');
  }

  private setStatus(status: PartitionStatus, reason: string | null = null): void {
    [this.status, this.reason] = [status, reason];
  }

  private get wantsRecords(): boolean {
    return this.status === 'running' || this.status === 'paused';
  }

  private get isLeaving(): boolean {
    return this.leaving.signal.aborted;
  }

  private get where(): { topic: string; partition: number } {
    const { topic, partition } = this.options;
    return { topic, partition };
  }
}
