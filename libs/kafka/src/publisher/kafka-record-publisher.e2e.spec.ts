import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { PublishFailed, type IncomingRecord } from '@lifeos/events';
import { createTopics } from '../admin/create-topics.js';
import { readTopicToEnd } from '../admin/read-topic-to-end.js';
import { withAdmin } from '../admin/with-admin.js';
import { randomName, testKafka } from '../testing/e2e-kafka.js';
import { FaultySockets } from '../testing/faulty-sockets.js';
import { recordPublisherContract } from '../testing/record-publisher-contract.js';
import { KafkaRecordPublisher } from './kafka-record-publisher.js';

const topics: string[] = [];
const allAttempts = 10;

async function newTopic(partitions: number): Promise<string> {
  const topic = randomName('publisher');
  await createTopics(testKafka(), [{ topic, partitions }]);
  topics.push(topic);
  return topic;
}

async function read(topic: string): Promise<IncomingRecord[]> {
  const records: IncomingRecord[] = [];
  await readTopicToEnd(testKafka(), topic, (batch) => void records.push(...batch));
  return records;
}

afterAll(async () => {
  await withAdmin(testKafka(), (admin) => admin.deleteTopics({ topics }));
});

recordPublisherContract('Kafka', async () => {
  const topic = await newTopic(6);
  const sockets = new FaultySockets();
  return {
    publisher: new KafkaRecordPublisher(testKafka({ socketFactory: sockets.factory })),
    topic,
    partitions: 6,
    oversized: Buffer.alloc(2_000_000, 'x'),
    read: () => {
      sockets.loseAnswers = 0;
      return read(topic);
    },
    failNext: async () => {
      sockets.loseAnswers = 3;
    },
  };
});

describe('KafkaRecordPublisher', () => {
  let topic: string;

  beforeAll(async () => {
    topic = await newTopic(1);
  });

  function record(value: string) {
    return { topic, key: '1', value: Buffer.from(value), headers: {} };
  }

  it('loses no batch after one whose answer was lost, although both have the same size', async () => {
    const sockets = new FaultySockets();
    const publisher = new KafkaRecordPublisher(testKafka({ socketFactory: sockets.factory }));
    await publisher.publish([record('before')]);
    sockets.loseAnswers = allAttempts;
    await expect(publisher.publish([record('a')])).rejects.toThrow(PublishFailed);
    sockets.loseAnswers = 0;
    await publisher.publish([record('b')]);
    await publisher.publish([record('c')]);
    await publisher.close();
    const values = (await read(topic)).map(({ value }) => String(value));
    expect(sockets.lost.length).toBeGreaterThan(0);
    expect(values).toEqual(['before', 'a', 'b', 'c']);
  });

  it('writes once when only one answer was lost', async () => {
    const sockets = new FaultySockets();
    const once = await newTopic(1);
    const publisher = new KafkaRecordPublisher(testKafka({ socketFactory: sockets.factory }));
    const records = ['a', 'b'].map((value) => ({ ...record(value), topic: once }));
    sockets.loseAnswers = 1;
    await publisher.publish(records);
    await publisher.close();
    expect((await read(once)).map(({ value }) => String(value))).toEqual(['a', 'b']);
  });

  it('fails with a retryable error, and soon, while no broker answers', async () => {
    const publisher = new KafkaRecordPublisher(testKafka({ brokers: ['127.0.0.1:1'] }));
    await expect(publisher.publish([record('x')])).rejects.toMatchObject({ code: 'PUBLISH_FAILED', retryable: true });
    await publisher.close();
  });

  it('writes to several topics in one publish, also compressed', async () => {
    const [one, two] = [await newTopic(2), await newTopic(2)];
    const publisher = new KafkaRecordPublisher(testKafka(), { compression: 'gzip' });
    await publisher.publish([one, two, one].map((to, n) => ({ topic: to, key: 'k', value: Buffer.from(String(n)), headers: {} })));
    await publisher.close();
    expect((await read(one)).map(({ value }) => String(value))).toEqual(['0', '2']);
    expect((await read(two)).map(({ value }) => String(value))).toEqual(['1']);
  });
});
