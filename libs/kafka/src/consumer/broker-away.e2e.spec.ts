import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { findPort, releasePort, startKafka, type RunningKafka } from '@lifeos/local';
import { createTopics } from '../admin/create-topics.js';
import type { KafkaConfig } from '../client/kafka-config.js';
import { KafkaRecordPublisher } from '../publisher/kafka-record-publisher.js';
import { ScriptedProcessor, until } from '../testing/scripted-processor.js';
import { KafkaConsumerRunner } from './kafka-consumer-runner.js';

const topic = 'broker-away';
const patience = 60_000;

describe('a broker that goes and comes', () => {
  let dataDir: string;
  let port: number;
  let kafka: KafkaConfig;
  let running: RunningKafka | null = null;

  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'broker-away-'));
    port = await findPort('Kafka');
    releasePort(port);
    kafka = { brokers: [`127.0.0.1:${port}`], clientId: 'broker-away', retry: { retries: 2 } };
  });
  afterAll(async () => {
    await running?.stop();
    await rm(dataDir, { recursive: true, force: true });
  }, patience);

  async function publishWhenPossible(publisher: KafkaRecordPublisher, value: string): Promise<void> {
    const end = Date.now() + patience;
    for (;;) {
      try {
        return await publisher.publish([{ topic, key: '1', value: Buffer.from(value), headers: {} }]);
      } catch (error) {
        if (Date.now() > end) throw error;
      }
    }
  }

  it('is waited for at the start and after each stop; nothing is lost, and the same consumer and publisher go on', async () => {
    const processor = new ScriptedProcessor();
    const runner = new KafkaConsumerRunner({ kafka, groupId: topic, topics: [topic], processor, settings: { reconnectMs: 200, reconnectMaxMs: 1_000 } });
    const publisher = new KafkaRecordPublisher(kafka, { requestTimeout: 1_000 });
    await runner.start();
    await until(() => runner.state().lastError !== null, 'the first failure', patience);
    expect(runner.state().status).toBe('connecting');

    running = await startKafka({ dataDir, port });
    await createTopics(kafka, [{ topic, partitions: 1 }]);
    await publishWhenPossible(publisher, 'first');
    await until(() => processor.values().includes('first'), 'the first record', patience);

    await running.stop();
    await expect(publisher.publish([{ topic, key: '1', value: Buffer.from('never'), headers: {} }])).rejects.toMatchObject({ retryable: true });
    running = await startKafka({ dataDir, port });
    await publishWhenPossible(publisher, 'second');
    await until(() => processor.values().includes('second'), 'the second record', patience);

    expect(runner.state().status).toBe('running');
    await runner.stop();
    await publisher.close();
    expect(processor.values()).toEqual(['first', 'second']);
  }, 3 * patience);
});
