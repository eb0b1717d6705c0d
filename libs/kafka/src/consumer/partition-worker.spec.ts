import { describe, expect, it } from '@jest/globals';
import type { Batch, BatchOutcome } from '@lifeos/delivery';
import { type KafkaLogger, silentLogger } from '../logger.js';
import { PartitionWorker } from './partition-worker.js';
import type { FetchedBatch, SliceLimits } from './record-batch.js';
import { Slots } from './slots.js';
import type { RecordProcessor } from './worker-options.js';

const at = { topic: 't', partition: 0 };

function fetched(from: number, to: number, fetchedOffset = from): FetchedBatch {
  const records = Array.from({ length: to - from }, (_, n) => ({ ...at, offset: from + n, key: null, value: null, headers: {}, timestamp: 0 }));
  return { records, fetchedOffset, nextOffset: to, highWatermark: to };
}

class Feed {
  readonly told: string[] = [];
  pause = () => void this.told.push('pause');
  resume = () => void this.told.push('resume');
  seek = (offset: number) => void this.told.push(`seek ${offset}`);
}

/** Answers each batch when the test says so. */
class HeldProcessor implements RecordProcessor {
  readonly batches: Batch[] = [];
  readonly signals: AbortSignal[] = [];
  private readonly answers: ((outcome: BatchOutcome) => void)[] = [];

  process(batch: Batch, signal: AbortSignal): Promise<BatchOutcome> {
    this.batches.push(batch);
    this.signals.push(signal);
    return new Promise((resolve) => this.answers.push(resolve));
  }

  async answer(outcome: BatchOutcome): Promise<void> {
    this.answers.shift()?.(outcome);
    await settled();
  }

  async done(): Promise<void> {
    const batch = this.batches.at(-1);
    await this.answer({ kind: 'done', nextOffset: (batch?.records.at(-1)?.offset ?? 0) + 1 });
  }
}

function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

function workerWith(limits: SliceLimits = { records: 10, bytes: 1_000_000 }, slots = new Slots(1), logger: KafkaLogger = silentLogger) {
  const processor = new HeldProcessor();
  const feed = new Feed();
  const worker = new PartitionWorker({ ...at, processor, feed, slots, limits, mostWaiting: 2 * limits.records, logger });
  return { worker, processor, feed };
}

describe('PartitionWorker', () => {
  it('takes nothing before its start is known, then begins there', () => {
    const { worker, feed } = workerWith();
    expect(worker.offer(fetched(0, 5))).toBe(false);
    worker.begin(3);
    expect(feed.told).toEqual(['seek 3', 'resume']);
    expect(worker.offer(fetched(3, 5))).toBe(true);
  });

  it('gives slices one after the other, and joins what came meanwhile', async () => {
    const { worker, processor } = workerWith();
    worker.begin(0);
    worker.offer(fetched(0, 2));
    worker.offer(fetched(2, 3));
    worker.offer(fetched(3, 4));
    expect(processor.batches).toHaveLength(1);
    await processor.done();
    expect(processor.batches.map(({ fetchedOffset, records }) => [fetchedOffset, records.length])).toEqual([
      [0, 2],
      [2, 2],
    ]);
    await processor.done();
    expect(worker.state).toMatchObject({ nextOffset: 4, lag: 0, queued: 0, status: 'running' });
  });

  it('stops fetching while much waits, and goes on when little is left', async () => {
    const { worker, processor, feed } = workerWith();
    worker.begin(0);
    feed.told.length = 0;
    worker.offer(fetched(0, 25));
    expect(feed.told).toEqual(['pause']);
    await processor.done();
    expect(feed.told).toEqual(['pause']);
    await processor.done();
    expect(feed.told).toEqual(['pause', 'resume']);
  });

  it('tells the processor of offsets that hold nothing as part of the batch, not as a gap', async () => {
    const { worker, processor } = workerWith();
    worker.begin(10);
    worker.passed(12);
    worker.offer(fetched(14, 16, 12));
    expect(processor.batches[0]).toMatchObject({ fetchedOffset: 10 });
  });

  it('tells the processor of a fetch that went elsewhere', () => {
    const { worker, processor } = workerWith();
    worker.begin(10);
    worker.offer(fetched(0, 2));
    expect(processor.batches[0]).toMatchObject({ fetchedOffset: 0 });
  });

  it('goes on in the middle of a slice when the processor was told to stop there', async () => {
    const { worker, processor } = workerWith();
    worker.begin(0);
    worker.offer(fetched(0, 8));
    await processor.answer({ kind: 'done', nextOffset: 5 });
    expect(processor.batches[1]).toMatchObject({ fetchedOffset: 5 });
    expect(processor.batches[1]?.records.map(({ offset }) => offset)).toEqual([5, 6, 7]);
  });

  it('drops what waits and fetches from where the processor says', async () => {
    const { worker, processor, feed } = workerWith();
    worker.begin(5);
    worker.offer(fetched(5, 8));
    feed.told.length = 0;
    await processor.answer({ kind: 'seek', offset: 2 });
    expect(feed.told).toEqual(['seek 2']);
    worker.offer(fetched(2, 8));
    expect(processor.batches[1]).toMatchObject({ fetchedOffset: 2 });
  });

  it('gives the same slice again after a pause', async () => {
    const { worker, processor } = workerWith();
    worker.begin(0);
    worker.offer(fetched(0, 3));
    await processor.answer({ kind: 'pause', reason: 'database is away', retryAfterMs: 5 });
    expect(worker.state).toMatchObject({ status: 'paused', reason: 'database is away' });
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(processor.batches[1]).toEqual(processor.batches[0]);
    expect(worker.state.status).toBe('running');
  });

  it('waits longer each time, and says so, for what comes back by itself', async () => {
    const waits: number[] = [];
    const warn = (values: object) => void waits.push((values as { retryAfterMs: number }).retryAfterMs);
    const { worker, processor } = workerWith(undefined, undefined, { ...silentLogger, warn });
    const away: BatchOutcome = { kind: 'pause', reason: 'registry is away', retryAfterMs: null };
    const asked = async (times: number) => {
      while (processor.batches.length < times) await new Promise((resolve) => setTimeout(resolve, 10));
    };
    worker.begin(0);
    worker.offer(fetched(0, 3));
    for (let times = 1; times <= 2; times++) {
      await asked(times);
      await processor.answer(away);
    }
    await asked(3);
    await processor.answer({ kind: 'done', nextOffset: 2 });
    await processor.answer(away);
    await worker.drain();
    // Half a second, doubled, and half a second again once something was done; a quarter more or less.
    const [first = 0, second = 0, third = 0] = waits;
    expect(waits).toHaveLength(3);
    expect([first >= 375 && first <= 625, second >= 750 && second <= 1250, third >= 375 && third <= 625]).toEqual([true, true, true]);
  }, 60_000);

  it('waits instead of spinning when the processor does not move on', async () => {
    const { worker, processor } = workerWith();
    worker.begin(0);
    worker.offer(fetched(0, 3));
    await processor.answer({ kind: 'done', nextOffset: 0 });
    expect(worker.state.status).toBe('paused');
    await worker.drain();
    expect(processor.batches).toHaveLength(1);
  });

  it('stays halted until it is released, and then begins where it was', async () => {
    const { worker, processor, feed } = workerWith();
    worker.begin(0);
    worker.offer(fetched(0, 3));
    feed.told.length = 0;
    await processor.answer({ kind: 'halt', reason: 'offsets went backwards' });
    expect(worker.state).toMatchObject({ status: 'halted', reason: 'offsets went backwards', nextOffset: 0 });
    expect(worker.offer(fetched(3, 4))).toBe(false);
    expect(worker.release()).toBe(true);
    expect(feed.told).toEqual(['pause', 'seek 0', 'resume']);
    expect(worker.release()).toBe(false);
  });

  it('begins anew when it is released and the partition no longer holds the old position', async () => {
    const { worker, feed } = workerWith();
    worker.bounds(0, 5);
    worker.halt('the topic was recreated', 1_000);
    expect(worker.release()).toBe(true);
    expect(feed.told).toEqual(['seek 0', 'resume']);
  });

  it('lets the slice in work end when it drains, and takes no other', async () => {
    const { worker, processor } = workerWith();
    worker.begin(0);
    worker.offer(fetched(0, 25));
    const drained = worker.drain();
    await processor.done();
    await drained;
    expect(processor.batches).toHaveLength(1);
    expect(worker.state.nextOffset).toBe(10);
    expect(worker.offer(fetched(25, 26))).toBe(false);
  });

  it('aborts the slice in work when the partition is lost, and believes nothing that comes back', async () => {
    const { worker, processor } = workerWith();
    worker.begin(0);
    worker.offer(fetched(0, 5));
    worker.end(new Error('the group was rebalanced'));
    expect(processor.signals[0]?.aborted).toBe(true);
    await processor.done();
    await worker.ended();
    expect(worker.state.nextOffset).toBe(0);
  });

  it('waits for its turn when other partitions are in work', async () => {
    const slots = new Slots(1);
    const [one, two] = [workerWith(undefined, slots), workerWith(undefined, slots)];
    for (const { worker } of [one, two]) {
      worker.begin(0);
      worker.offer(fetched(0, 1));
    }
    expect(two.processor.batches).toHaveLength(0);
    await one.processor.done();
    expect(two.processor.batches).toHaveLength(1);
  });

  it('is stalled when there are records, none comes and none is in work', async () => {
    const { worker, processor } = workerWith();
    worker.begin(0);
    worker.bounds(0, 5);
    expect(worker.isStalled(-1)).toBe(true);
    expect(worker.isStalled(60_000)).toBe(false);
    worker.offer(fetched(0, 5));
    expect(worker.isStalled(-1)).toBe(false);
    await processor.done();
    expect(worker.isStalled(-1)).toBe(false);
  });
});
