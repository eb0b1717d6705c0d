import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import kafkajs from 'kafkajs';
import { isAlive } from '../processes/process-table.js';
import { type RunningKafka, startKafka } from './start-kafka.js';

const client = (brokers: string[]) => new kafkajs.Kafka({ brokers, logLevel: kafkajs.logLevel.NOTHING, retry: { retries: 20 } });

async function send(brokers: string[], value: string): Promise<void> {
  const producer = client(brokers).producer();
  await producer.connect();
  await producer.send({ topic: 'kept', acks: -1, messages: [{ key: 'k', value }] });
  await producer.disconnect();
}

async function read(brokers: string[], count: number): Promise<string[]> {
  const consumer = client(brokers).consumer({ groupId: `reader-${Date.now()}`, sessionTimeout: 6_000 });
  await consumer.connect();
  await consumer.subscribe({ topic: 'kept', fromBeginning: true });
  const values: string[] = [];
  await new Promise<void>((resolve) => {
    void consumer.run({ eachMessage: async ({ message }) => void (values.push(String(message.value)) >= count && resolve()) });
  });
  await consumer.disconnect();
  return values;
}

async function createTopic(brokers: string[]): Promise<void> {
  const admin = client(brokers).admin();
  await admin.connect();
  await admin.createTopics({ waitForLeaders: true, topics: [{ topic: 'kept', numPartitions: 1, replicationFactor: -1 }] });
  await admin.disconnect();
}

let dataDir: string;
let kafka: RunningKafka | undefined;
beforeEach(async () => void (dataDir = await mkdtemp(join(tmpdir(), 'kafka-'))));
afterEach(async () => {
  await kafka?.stop();
  await rm(dataDir, { recursive: true, force: true });
}, 300_000);

describe('startKafka', () => {
  it('keeps its records over a restart, also on another port and after SIGKILL', async () => {
    kafka = await startKafka({ dataDir });
    await createTopic(kafka.brokers);
    await send(kafka.brokers, 'before');
    await kafka.stop();
    expect(isAlive(kafka.pid)).toBe(false);

    kafka = await startKafka({ dataDir });
    await send(kafka.brokers, 'between');
    process.kill(kafka.pid, 'SIGKILL');
    await kafka.exited;

    kafka = await startKafka({ dataDir });
    expect(await read(kafka.brokers, 2)).toEqual(['before', 'between']);
  }, 300_000);

  it('as three nodes takes records while one of them is down', async () => {
    kafka = await startKafka({ dataDir, nodes: 3 });
    expect(kafka.brokers).toHaveLength(3);
    await createTopic(kafka.brokers);
    await send(kafka.brokers, 'three');
    await kafka.nodes[2]?.stop();
    await send(kafka.brokers, 'two');
    expect(await read(kafka.brokers.slice(0, 2), 2)).toEqual(['three', 'two']);
  }, 300_000);
});
