import { afterAll, describe, expect, it } from '@jest/globals';
import { KafkaRecordPublisher } from '../publisher/kafka-record-publisher.js';
import { randomName, testKafka } from '../testing/e2e-kafka.js';
import { createTopics } from './create-topics.js';
import { groupLag, topicOffsets } from './offsets.js';
import { readTopicToEnd } from './read-topic-to-end.js';
import { withAdmin } from './with-admin.js';

const config = testKafka();
const made: string[] = [];

function topicName(): string {
  const topic = randomName('admin');
  made.push(topic);
  return topic;
}

async function fill(topic: string, count: number): Promise<void> {
  const publisher = new KafkaRecordPublisher(config);
  await publisher.publish(Array.from({ length: count }, (_, n) => ({ topic, key: `k${n}`, value: Buffer.from(String(n)), headers: {} })));
  await publisher.close();
}

afterAll(async () => {
  await withAdmin(config, async (admin) => {
    const existing = new Set(await admin.listTopics());
    await admin.deleteTopics({ topics: made.filter((topic) => existing.has(topic)) });
  });
});

describe('createTopics', () => {
  it('creates what is missing, and says what was there', async () => {
    const [one, two] = [topicName(), topicName()];
    const spec = { topic: one, partitions: 3, config: { 'retention.ms': '-1' } };
    expect(await createTopics(config, [spec])).toEqual({ created: [one], existing: [] });
    expect(await createTopics(config, [spec, { topic: two, partitions: 1 }])).toEqual({ created: [two], existing: [one] });
  });

  it('refuses another number of partitions by name, and creates nothing then', async () => {
    const [one, other] = [topicName(), topicName()];
    await createTopics(config, [{ topic: one, partitions: 3 }]);
    const change = createTopics(config, [{ topic: one, partitions: 6 }, { topic: other, partitions: 1 }]);
    await expect(change).rejects.toMatchObject({ code: 'TOPIC_MISMATCH', faults: [`topic ${one} has 3 partitions, 6 are asked for`] });
    expect(await withAdmin(config, (admin) => admin.listTopics())).not.toContain(other);
  });

  it('lets two release steps run at once', async () => {
    const specs = [topicName(), topicName()].map((topic) => ({ topic, partitions: 2 }));
    const both = await Promise.all([createTopics(config, specs), createTopics(config, specs)]);
    expect(both.flatMap(({ created }) => created).sort()).toEqual(specs.map(({ topic }) => topic).sort());
  });

  it('says what the broker found wrong', async () => {
    await expect(createTopics(config, [{ topic: topicName(), partitions: 1, config: { 'no.such.setting': '1' } }])).rejects.toThrow(/configuration/i);
  });
});

describe('readTopicToEnd', () => {
  it('hands on every record once, in order within a partition, and ends', async () => {
    const topic = topicName();
    await createTopics(config, [{ topic, partitions: 4 }]);
    await fill(topic, 500);
    const seen = new Map<number, number[]>();
    const answer = await readTopicToEnd(config, topic, (records) => {
      for (const { partition, offset } of records) seen.set(partition, [...(seen.get(partition) ?? []), offset]);
    });
    expect(answer.records).toBe(500);
    for (const { partition, high } of answer.ends) expect(seen.get(partition) ?? []).toEqual(Array.from({ length: high }, (_, offset) => offset));
  });

  it('ends at once for an empty topic', async () => {
    const topic = topicName();
    await createTopics(config, [{ topic, partitions: 2 }]);
    expect(await readTopicToEnd(config, topic, () => {})).toMatchObject({ records: 0 });
  });

  it('ends with what the reader throws, also with an error that would stop a kafkajs consumer for good', async () => {
    const topic = topicName();
    await createTopics(config, [{ topic, partitions: 1 }]);
    await fill(topic, 3);
    const read = readTopicToEnd(config, topic, () => {
      throw new TypeError('broken reader');
    });
    await expect(read).rejects.toThrow('broken reader');
  });

  it('leaves no group behind', async () => {
    const topic = topicName();
    await createTopics(config, [{ topic, partitions: 1 }]);
    await fill(topic, 1);
    const clientId = randomName('reader');
    await readTopicToEnd({ ...config, clientId }, topic, () => {});
    const { groups } = await withAdmin(config, (admin) => admin.listGroups());
    expect(groups.filter(({ groupId }) => groupId.startsWith(clientId))).toEqual([]);
  });
});

describe('offsets', () => {
  it('tells where a topic ends and how far a group is', async () => {
    const topic = topicName();
    const groupId = randomName('group');
    await createTopics(config, [{ topic, partitions: 1 }]);
    await fill(topic, 10);
    expect(await topicOffsets(config, topic)).toEqual([{ topic, partition: 0, low: 0, high: 10 }]);
    expect(await groupLag(config, groupId, [topic])).toEqual([{ topic, partition: 0, low: 0, high: 10, committed: null, lag: 10 }]);
    await withAdmin(config, (admin) => admin.setOffsets({ groupId, topic, partitions: [{ partition: 0, offset: '7' }] }));
    expect(await groupLag(config, groupId, [topic])).toMatchObject([{ committed: 7, lag: 3 }]);
    // kafkajs sets offsets through a consumer whose first fetch waits for five seconds.
  });
});
