import { CompressionTypes, Kafka, logLevel, type IHeaders, type Message } from 'kafkajs';
import type { OutgoingRecord } from '@lifeos/events';

/** A plain kafkajs client with its retries stated, so that every process behaves alike. */
export function kafkaClient(brokers: readonly string[], clientId: string): Kafka {
  return new Kafka({ clientId, brokers: [...brokers], logLevel: logLevel.NOTHING, retry: { retries: 5, initialRetryTime: 100 } });
}

export interface TopicOptions {
  readonly partitions?: number;
  /** Records carry the time at which the broker wrote them, instead of the producer's. */
  readonly appendTime?: boolean;
}

/** Creates a topic of its own for one run and returns its name. */
export async function createTopic(brokers: readonly string[], name: string, options: TopicOptions = {}): Promise<string> {
  const topic = `${name}-${Math.random().toString(36).slice(2, 8)}`;
  const admin = kafkaClient(brokers, 'bench-admin').admin();
  await admin.connect();
  const configEntries = options.appendTime === true ? [{ name: 'message.timestamp.type', value: 'LogAppendTime' }] : [];
  await admin.createTopics({ waitForLeaders: true, topics: [{ topic, numPartitions: options.partitions ?? 6, replicationFactor: 1, configEntries }] });
  await admin.disconnect();
  return topic;
}

/** The reference producer: batches of 500, acks from all replicas, idempotent, one send in flight. */
export async function sendAll(brokers: readonly string[], records: readonly OutgoingRecord[]): Promise<number> {
  const producer = kafkaClient(brokers, 'bench-producer').producer({ idempotent: true, maxInFlightRequests: 1, allowAutoTopicCreation: false });
  await producer.connect();
  const started = performance.now();
  for (let from = 0; from < records.length; from += 500) {
    const batch = records.slice(from, from + 500);
    await producer.sendBatch({ acks: -1, compression: CompressionTypes.None, topicMessages: byTopic(batch) });
  }
  const elapsed = performance.now() - started;
  await producer.disconnect();
  return elapsed;
}

function byTopic(records: readonly OutgoingRecord[]): { topic: string; messages: Message[] }[] {
  const messages = new Map<string, Message[]>();
  for (const { topic, key, value, headers } of records) {
    const message = { key, value, headers: headers as IHeaders };
    const list = messages.get(topic);
    if (list === undefined) messages.set(topic, [message]);
    else list.push(message);
  }
  return [...messages].map(([topic, list]) => ({ topic, messages: list }));
}

/** Records in a topic: the distance between first and next offset over all partitions. */
export async function countRecords(brokers: readonly string[], topic: string): Promise<number> {
  const admin = kafkaClient(brokers, 'bench-admin').admin();
  await admin.connect();
  const offsets = await admin.fetchTopicOffsets(topic);
  await admin.disconnect();
  return offsets.reduce((count, { high, low }) => count + Number(high) - Number(low), 0);
}

export interface ReadRecord {
  readonly key: string;
  readonly value: Buffer;
  readonly headers: IHeaders;
  readonly partition: number;
  /** ms since epoch. */
  readonly timestamp: number;
}

/** Reads a topic from its first record until `count` records came or none came for `quietMs`. */
export async function readTopic(brokers: readonly string[], topic: string, count: number, quietMs = 10_000): Promise<ReadRecord[]> {
  const records: ReadRecord[] = [];
  const consumer = kafkaClient(brokers, 'bench-reader').consumer({ groupId: `read-${topic}-${Math.random().toString(36).slice(2, 8)}` });
  await consumer.connect();
  await consumer.subscribe({ topics: [topic], fromBeginning: true });
  let last = performance.now();
  await consumer.run({
    eachBatch: async ({ batch }) => {
      for (const { key, value, headers, timestamp } of batch.messages) {
        if (value === null) continue;
        records.push({ key: key?.toString() ?? '', value, headers: headers ?? {}, partition: batch.partition, timestamp: Number(timestamp) });
      }
      last = performance.now();
    },
  });
  while (records.length < count && performance.now() - last < quietMs) await new Promise((resolve) => setTimeout(resolve, 20));
  await consumer.disconnect();
  return records;
}
