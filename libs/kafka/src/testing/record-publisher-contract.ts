import { afterEach, describe, expect, it } from '@jest/globals';
import { PublishFailed, RecordRefused, type IncomingRecord, type OutgoingRecord, type RecordPublisher } from '@lifeos/events';
import { partitionFor } from '../publisher/partition-for.js';

/** One publisher under test with a topic of its own. */
export interface PublisherUnderTest {
  readonly publisher: RecordPublisher;
  readonly topic: string;
  readonly partitions: number;
  /** The value of a record that the broker never takes. */
  readonly oversized: Buffer;
  /** Everything that the topic holds, in order within a partition. */
  read(): Promise<readonly IncomingRecord[]>;
  /** The next publish fails without a definite answer. */
  failNext(): Promise<void>;
}

/** What every `RecordPublisher` guarantees. */
export function recordPublisherContract(name: string, open: () => Promise<PublisherUnderTest>): void {
  describe(`record publisher contract: ${name}`, () => {
    let current: PublisherUnderTest | undefined;

    afterEach(async () => {
      await current?.publisher.close();
    });

    async function opened(): Promise<PublisherUnderTest> {
      current = await open();
      return current;
    }

    it('has written every record, bytes and headers unchanged, when it resolves', async () => {
      const { publisher, topic, read } = await opened();
      const value = Buffer.from([0, 0, 0, 0, 7, 1, 2, 3]);
      await publisher.publish([{ topic, key: '42', value, headers: { ce_id: 'abc', 'content-type': 'application/test' } }]);
      const [record, ...rest] = await read();
      expect(rest).toEqual([]);
      expect(record?.value).toEqual(value);
      expect(record?.key?.toString()).toBe('42');
      expect(Object.entries(record?.headers ?? {}).map(([header, held]) => [header, String(held)])).toEqual([
        ['ce_id', 'abc'],
        ['content-type', 'application/test'],
      ]);
    });

    it('keeps the order of each key, within a batch and from batch to batch', async () => {
      const { publisher, topic, read } = await opened();
      const numbers = Array.from({ length: 60 }, (_, index) => index);
      for (const from of [0, 20, 40]) await publisher.publish(numbers.slice(from, from + 20).map((n) => record(topic, String(n % 7), n)));
      const byKey = groupByKey(await read());
      for (const key of ['0', '1', '2', '3', '4', '5', '6']) expect(byKey.get(key)).toEqual(numbers.filter((n) => String(n % 7) === key));
    });

    it('chooses the partition by the hash of the key that partitionFor computes', async () => {
      const { publisher, topic, read, partitions } = await opened();
      await publisher.publish(Array.from({ length: 50 }, (_, n) => record(topic, `key-${n}`, n)));
      const records = await read();
      expect(records).toHaveLength(50);
      for (const { key, partition } of records) expect(partition).toBe(partitionFor(key ?? '', partitions));
    });

    it('resolves for no records', async () => {
      const { publisher, read } = await opened();
      await publisher.publish([]);
      expect(await read()).toEqual([]);
    });

    it('rejects with RecordRefused for a record that is never taken, and goes on with the next', async () => {
      const { publisher, topic, read, oversized } = await opened();
      await expect(publisher.publish([{ topic, key: '1', value: oversized, headers: {} }])).rejects.toThrow(RecordRefused);
      await publisher.publish([record(topic, '1', 2)]);
      expect(groupByKey(await read()).get('1')).toEqual([2]);
    });

    it('rejects with PublishFailed when nothing is known, and takes the same records again', async () => {
      const { publisher, topic, read, failNext } = await opened();
      await failNext();
      const records = [record(topic, '1', 1), record(topic, '1', 2)];
      await expect(publisher.publish(records)).rejects.toThrow(PublishFailed);
      await publisher.publish(records);
      expect(groupByKey(await read()).get('1')?.slice(-2)).toEqual([1, 2]);
    });

    it('refuses a call that overlaps, without touching the one in work', async () => {
      const { publisher, topic, read } = await opened();
      const first = publisher.publish([record(topic, '1', 1)]);
      await expect(publisher.publish([record(topic, '1', 2)])).rejects.toMatchObject({ code: 'PUBLISH_OVERLAP' });
      await first;
      expect(groupByKey(await read()).get('1')).toEqual([1]);
    });

    it('finishes the call in work before it closes, and refuses calls afterwards', async () => {
      const { publisher, topic, read } = await opened();
      const last = publisher.publish([record(topic, '1', 1)]);
      await publisher.close();
      await last;
      await expect(publisher.publish([record(topic, '1', 2)])).rejects.toMatchObject({ code: 'PUBLISHER_CLOSED' });
      expect(groupByKey(await read()).get('1')).toEqual([1]);
    });
  });
}

function record(topic: string, key: string, number: number): OutgoingRecord {
  return { topic, key, value: Buffer.from(String(number)), headers: {} };
}

function groupByKey(records: readonly IncomingRecord[]): Map<string, number[]> {
  const groups = new Map<string, number[]>();
  for (const { key, value } of records) {
    const numbers = groups.get(String(key)) ?? [];
    numbers.push(Number(value));
    groups.set(String(key), numbers);
  }
  return groups;
}
