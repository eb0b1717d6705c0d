import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { IncomingRecord } from '@lifeos/events';
import { RecordQueue, type FetchedBatch } from './record-batch.js';

function recordAt(offset: number, bytes = 10): IncomingRecord {
  return { topic: 't', partition: 0, offset, key: Buffer.from('k'), value: Buffer.alloc(bytes), headers: {}, timestamp: 0 };
}

function batchOf(fetchedOffset: number, offsets: readonly number[], nextOffset = (offsets.at(-1) ?? fetchedOffset - 1) + 1): FetchedBatch {
  return { records: offsets.map((offset) => recordAt(offset)), fetchedOffset, nextOffset, highWatermark: nextOffset };
}

const large = { records: 1_000, bytes: 1_000_000 };
const offsetsOf = (batch: FetchedBatch | null) => batch?.records.map(({ offset }) => offset);

describe('RecordQueue', () => {
  it('joins fetches that follow on each other', () => {
    const queue = new RecordQueue();
    queue.push(batchOf(0, [0, 1]));
    queue.push(batchOf(2, [2, 3]));
    expect(queue.head(large)).toMatchObject({ fetchedOffset: 0, nextOffset: 4, highWatermark: 4 });
    expect(offsetsOf(queue.head(large))).toEqual([0, 1, 2, 3]);
  });

  it('keeps fetches apart that do not follow, each with the offset that was asked for', () => {
    const queue = new RecordQueue();
    queue.push(batchOf(0, [0, 1]));
    queue.push(batchOf(100, [105, 106]));
    expect(offsetsOf(queue.head(large))).toEqual([0, 1]);
    queue.dropBefore(2);
    expect(queue.head(large)).toMatchObject({ fetchedOffset: 100 });
  });

  it('cuts by bytes, but gives one record however large it is', () => {
    const queue = new RecordQueue();
    queue.push({ ...batchOf(0, []), records: [recordAt(0, 5_000), recordAt(1, 10), recordAt(2, 10)], nextOffset: 3 });
    expect(offsetsOf(queue.head({ records: 10, bytes: 1_000 }))).toEqual([0]);
    queue.dropBefore(1);
    expect(offsetsOf(queue.head({ records: 10, bytes: 1_000 }))).toEqual([1, 2]);
  });

  it('hands out every record once and in order, whatever the fetches, the holes and the limits', () => {
    const fetches = fc.array(fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 8 }), { maxLength: 10 });
    fc.assert(
      fc.property(fetches, fc.integer({ min: 1, max: 7 }), (steps, records) => {
        const queue = new RecordQueue();
        const all: number[] = [];
        let next = 0;
        for (const ofFetch of steps) {
          const offsets = ofFetch.map((step) => (next += step) - 1);
          queue.push(batchOf(all.length === 0 ? 0 : (all.at(-1) ?? 0) + 1, offsets));
          all.push(...offsets);
        }
        const handed: number[] = [];
        for (let slice = queue.head({ records, bytes: 1_000_000 }); slice; slice = queue.head({ records, bytes: 1_000_000 })) {
          expect(slice.records.length).toBeLessThanOrEqual(records);
          handed.push(...slice.records.map(({ offset }) => offset));
          queue.dropBefore((slice.records.at(-1)?.offset ?? 0) + 1);
        }
        expect(handed).toEqual(all);
        expect(queue.length).toBe(0);
      }),
    );
  });
});
