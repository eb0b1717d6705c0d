import { randomUUID } from 'node:crypto';
import type { Consumer, EachBatchPayload, Kafka } from 'kafkajs';
import type { IncomingRecord } from '@lifeos/events';
import { kafkaClient } from '../client/kafka-client.js';
import type { KafkaConfig } from '../client/kafka-config.js';
import { incomingRecord } from '../consumer/incoming-record.js';
import { TopicReadStalled } from '../errors.js';
import { silentLogger } from '../logger.js';
import { settledWithin } from '../timing.js';
import { offsetsOf, type PartitionOffsets } from './offsets.js';
import { withAdmin } from './with-admin.js';

export interface ReadToEndSettings {
  /** Fails when nothing came for so many ms. Default 30 000. */
  readonly stallTimeoutMs?: number;
}

export interface ReadToEnd {
  readonly records: number;
  /** Where each partition ended when the reading began: the next offset for a consumer that goes on. */
  readonly ends: readonly PartitionOffsets[];
}

/**
 * Hands every record that the topic holds when the call begins to `onBatch`, in order within a
 * partition, one batch at a time. Nobody else notices: it reads under a group of its own, which commits
 * nothing and ends with it.
 * @throws TopicReadStalled, and whatever `onBatch` throws.
 */
export async function readTopicToEnd(
  config: KafkaConfig,
  topic: string,
  onBatch: (records: readonly IncomingRecord[]) => Promise<void> | void,
  settings: ReadToEndSettings = {},
): Promise<ReadToEnd> {
  const ends = await withAdmin(config, (admin) => offsetsOf(admin, topic));
  const reading = new Reading(topic, ends, onBatch, settings.stallTimeoutMs ?? 30_000);
  if (!reading.isComplete) await consume(config, reading);
  return { records: reading.records, ends };
}

/** How far one reading is. */
class Reading {
  records = 0;
  private readonly next: Map<number, number>;
  private progress = Date.now();
  private finish: (error?: unknown) => void = () => {};
  readonly finished = new Promise<void>((resolve, reject) => {
    this.finish = (error) => (error === undefined ? resolve() : reject(error));
  });

  constructor(
    readonly topic: string,
    private readonly ends: readonly PartitionOffsets[],
    private readonly onBatch: (records: readonly IncomingRecord[]) => Promise<void> | void,
    private readonly stallTimeoutMs: number,
  ) {
    this.next = new Map(ends.map(({ partition, low }) => [partition, low]));
  }

  get isComplete(): boolean {
    return this.missing().length === 0;
  }

  get positions(): { topic: string; partition: number; offset: string }[] {
    return [...this.next].map(([partition, offset]) => ({ topic: this.topic, partition, offset: String(offset) }));
  }

  /** Errors end the reading; none may reach kafkajs, which would start over. */
  async take({ batch, heartbeat, isRunning, isStale }: EachBatchPayload): Promise<void> {
    const { next, end } = this.range(batch.partition);
    if (!isRunning() || isStale() || next >= end) return;
    try {
      const records = batch.messages.map((message) => incomingRecord(this.topic, batch.partition, message)).filter(({ offset }) => offset >= next && offset < end);
      if (records.length > 0) await this.onBatch(records);
      this.records += records.length;
      this.progress = Date.now();
      // A rebalance that this heartbeat meets is met again by kafkajs, which joins anew and is sent to `positions`.
      await heartbeat().catch(() => {});
    } catch (error) {
      this.fail(error);
    }
  }

  /** Also for batches of which nothing was left to hand on: deleted by compaction, or marks of transactions. */
  passed(partition: number, lastOffset: number): void {
    const { next } = this.range(partition);
    this.next.set(partition, Math.max(next, lastOffset + 1));
    if (this.isComplete) this.finish();
  }

  fail(error: unknown): void {
    this.finish(error);
  }

  failWhenStalled(): void {
    if (Date.now() - this.progress > this.stallTimeoutMs) this.fail(new TopicReadStalled(this.topic, this.missing(), this.stallTimeoutMs));
  }

  private missing(): string[] {
    return this.ends.map(({ partition }) => ({ partition, ...this.range(partition) })).filter(({ next, end }) => next < end).map(({ partition, next, end }) => `partition ${partition} from ${next} to ${end}`);
  }

  private range(partition: number): { next: number; end: number } {
    const end = this.ends.find((offsets) => offsets.partition === partition)?.high ?? 0;
    return { next: this.next.get(partition) ?? end, end };
  }
}

async function consume(config: KafkaConfig, reading: Reading): Promise<void> {
  const client = kafkaClient(config);
  const groupId = `${config.clientId}-read-${randomUUID()}`;
  const consumer = readerOf(client, groupId);
  const watch = setInterval(() => reading.failWhenStalled(), 250);
  try {
    await run(consumer, reading);
  } finally {
    clearInterval(watch);
    await settledWithin(5_000, consumer.disconnect());
    // An empty group without offsets goes away by itself as well, only later.
    await withAdmin(config, (admin) => admin.deleteGroups([groupId])).catch((err: unknown) => (config.logger ?? silentLogger).debug({ err, groupId }, 'A reader group was left to expire'));
  }
}

function readerOf(client: Kafka, groupId: string): Consumer {
  return client.consumer({
    groupId,
    sessionTimeout: 60_000,
    rebalanceTimeout: 60_000,
    heartbeatInterval: 3_000,
    minBytes: 1,
    maxBytes: 8_388_608,
    maxBytesPerPartition: 2_097_152,
    maxWaitTimeInMs: 100,
    allowAutoTopicCreation: false,
    retry: { retries: 5, restartOnFailure: async () => false },
  });
}

async function run(consumer: Consumer, reading: Reading): Promise<void> {
  consumer.on(consumer.events.GROUP_JOIN, () => reading.positions.forEach((position) => consumer.seek(position)));
  consumer.on(consumer.events.END_BATCH_PROCESS, ({ payload }) => reading.passed(payload.partition, Number(payload.lastOffset)));
  consumer.on(consumer.events.CRASH, ({ payload }) => reading.fail(payload.error));
  await consumer.connect();
  await consumer.subscribe({ topics: [reading.topic], fromBeginning: true });
  await consumer.run({ autoCommit: false, partitionsConsumedConcurrently: 1, eachBatch: (payload) => reading.take(payload) });
  await reading.finished;
}
