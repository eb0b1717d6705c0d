import { setTimeout as sleep } from 'node:timers/promises';
import { CompressionTypes, Kafka, logLevel, type Admin, type IHeaders, type Message, type Producer } from 'kafkajs';
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

/** Makes the topic anew, empty: event types name their topic, so every run uses the same name. */
export async function freshTopic(brokers: readonly string[], topic: string, options: TopicOptions = {}): Promise<void> {
  await dropTopics(brokers, (name) => name === topic);
  await withAdmin(brokers, async (admin) => {
    const configEntries = options.appendTime === true ? [{ name: 'message.timestamp.type', value: 'LogAppendTime' }] : [];
    await admin.createTopics({ waitForLeaders: false, topics: [{ topic, numPartitions: options.partitions ?? 6, replicationFactor: 1, configEntries }] });
    await patiently(() => requireLeaders(admin, topic));
  });
}

/** kafkajs' own wait for leaders gives up when a busy broker does not name the new topic yet. */
async function requireLeaders(admin: Admin, topic: string): Promise<void> {
  const { topics } = await admin.fetchTopicMetadata({ topics: [topic] });
  if (topics[0]?.partitions.every(({ leader }) => leader >= 0) !== true) throw new Error(`Topic ${topic} has no leaders.`);
}

/** Tries again for 20 s. */
async function patiently<T>(work: () => Promise<T>): Promise<T> {
  const deadline = performance.now() + 20_000;
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (performance.now() > deadline) throw error;
      await sleep(100);
    }
  }
}

/** Deletes the topics of that kind and waits until they are gone. */
export async function dropTopics(brokers: readonly string[], isMeant: (topic: string) => boolean): Promise<void> {
  await withAdmin(brokers, async (admin) => {
    const meant = async (): Promise<string[]> => (await admin.listTopics()).filter(isMeant);
    const topics = await meant();
    if (topics.length > 0) await admin.deleteTopics({ topics });
    while ((await meant()).length > 0) await sleep(50);
  });
}

async function withAdmin<T>(brokers: readonly string[], work: (admin: Admin) => Promise<T>): Promise<T> {
  const admin = kafkaClient(brokers, 'bench-admin').admin();
  await admin.connect();
  try {
    return await work(admin);
  } finally {
    await admin.disconnect();
  }
}

/** kafkajs as a careful team sets it up: acks from all replicas, idempotent, one send in flight. */
export class ReferenceProducer {
  private constructor(private readonly producer: Producer) {}

  static async connect(brokers: readonly string[]): Promise<ReferenceProducer> {
    const producer = kafkaClient(brokers, 'bench-producer').producer({ idempotent: true, maxInFlightRequests: 1, allowAutoTopicCreation: false });
    await producer.connect();
    return new ReferenceProducer(producer);
  }

  /** In batches of 500, one after the other. */
  async send(records: readonly OutgoingRecord[]): Promise<void> {
    for (let from = 0; from < records.length; from += 500) {
      const topicMessages = byTopic(records.slice(from, from + 500));
      await this.producer.sendBatch({ acks: -1, compression: CompressionTypes.None, topicMessages });
    }
  }

  close(): Promise<void> {
    return this.producer.disconnect();
  }
}

const chunk = 5_000;

/** Writes `count` records, made a few thousand at a time, so that a million of them need no memory. */
export async function fillTopic(brokers: readonly string[], count: number, recordOf: (index: number) => OutgoingRecord): Promise<void> {
  const producer = await ReferenceProducer.connect(brokers);
  for (let from = 0; from < count; from += chunk) {
    await producer.send(Array.from({ length: Math.min(chunk, count - from) }, (_, index) => recordOf(from + index)));
  }
  await producer.close();
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

/** Makes a new broker create what it creates on first use: ids of producers, the topic of groups' offsets. */
export async function settleBroker(brokers: readonly string[]): Promise<void> {
  await patiently(async () => (await ReferenceProducer.connect(brokers)).close());
  // A coordinator that is still loading answers that it is none, which kafkajs does not try again.
  await patiently(() => withAdmin(brokers, (admin) => admin.fetchOffsets({ groupId: 'bench-settle' })));
}

/** Records in a topic: the distance between first and next offset over all partitions. */
export async function countRecords(brokers: readonly string[], topic: string): Promise<number> {
  const offsets = await withAdmin(brokers, (admin) => admin.fetchTopicOffsets(topic));
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
  const consumer = kafkaClient(brokers, 'bench-reader').consumer({
    groupId: `read-${topic}-${Math.random().toString(36).slice(2, 8)}`,
    // Disconnecting waits for the fetch in flight.
    maxWaitTimeInMs: 100,
  });
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
  while (records.length < count && performance.now() - last < quietMs) await sleep(20);
  await consumer.disconnect();
  return records;
}
