import type { Admin, Batch, Consumer, EachBatchPayload, Kafka } from 'kafkajs';
import { committedBy, offsetsOf } from '../admin/offsets.js';
import { kafkaClient } from '../client/kafka-client.js';
import { BrokerSilent, ConsumerStalled } from '../errors.js';
import { settledWithin } from '../timing.js';
import { Assignment, type ConsumerControls } from './assignment.js';
import type { ConsumerPlan } from './consumer-config.js';
import type { PartitionState } from './consumer-state.js';
import { incomingRecord } from './incoming-record.js';
import { Slots } from './slots.js';

/** More batches than this in one fetch wait in kafkajs for a moment; handing one over takes none. */
const handOversAtOnce = 64;

/**
 * One kafkajs consumer from its connection to its end. `eachBatch` only hands records over, so kafkajs
 * fetches and sends heartbeats all the time, and no error of ours can reach it. It ends with the first
 * crash; whoever built it builds another.
 */
export class ConsumerSession {
  private readonly consumer: Consumer;
  private readonly admin: Admin;
  private readonly slots: Slots;
  private readonly timers: NodeJS.Timeout[] = [];
  private assignment: Assignment | null = null;
  private unjoinedSince: number | null = Date.now();
  private isClosing = false;
  private opening: Promise<void> = Promise.resolve();
  private beginning: Promise<void> = Promise.resolve();
  private end: (reason: Error) => void = () => {};
  /** Resolves with the reason when the session can go on no longer. */
  readonly ended = new Promise<Error>((resolve) => (this.end = resolve));

  constructor(private readonly plan: ConsumerPlan) {
    const client = kafkaClient(plan.kafka);
    this.consumer = consumerOf(client, plan);
    this.admin = client.admin();
    this.slots = new Slots(plan.settings.partitionsConsumedConcurrently);
    this.listen();
  }

  /** Connects and joins the group. @throws when the broker is away or a topic does not exist. */
  open(): Promise<void> {
    this.opening = this.connectAndRun();
    return this.opening;
  }

  /** Lets slices in work end, commits, leaves the group. */
  async close(drainMs: number): Promise<void> {
    this.isClosing = true;
    this.timers.forEach(clearInterval);
    // kafkajs goes on consuming when it is told to stop while it starts.
    await settledWithin(1_500, this.opening);
    const left = this.assignment;
    if (left && !(await settledWithin(drainMs, left.drain()))) left.lose(new Error('the consumer stops'));
    if (left) await settledWithin(1_000, left.ended());
    await settledWithin(1_000, this.commit());
    this.assignment?.lose(new Error('the consumer stops'));
    // It may still be asking the broker where partitions begin.
    await settledWithin(2_000, this.beginning);
    if (!(await settledWithin(2_000, Promise.all([this.consumer.disconnect(), this.admin.disconnect()])))) {
      this.plan.logger.warn({ groupId: this.plan.groupId }, 'Kafka connections did not close in time; the group notices by the missing heartbeats');
    }
    this.end(new Error('the consumer was stopped'));
  }

  get states(): readonly PartitionState[] {
    return this.assignment?.states ?? [];
  }

  get isJoined(): boolean {
    return this.unjoinedSince === null;
  }

  release(topic: string, partition: number): boolean {
    return this.assignment?.worker(topic, partition)?.release() ?? false;
  }

  private async connectAndRun(): Promise<void> {
    const { topics, settings } = this.plan;
    await this.admin.connect();
    await this.consumer.connect();
    await this.consumer.subscribe({ topics: [...topics], fromBeginning: true });
    if (this.isClosing) return;
    this.every(settings.commitIntervalMs, () => this.commit());
    this.every(settings.watchIntervalMs, () => this.watch());
    await this.consumer.run({
      autoCommit: false,
      eachBatchAutoResolve: false,
      partitionsConsumedConcurrently: handOversAtOnce,
      eachBatch: async (payload) => this.handOver(payload),
    });
  }

  private listen(): void {
    const { events } = this.consumer;
    this.consumer.on(events.GROUP_JOIN, ({ payload }) => {
      this.unjoinedSince = null;
      const before = this.assignment;
      before?.lose(new Error('the group was rebalanced'));
      this.assignment = new Assignment(payload.memberAssignment, this.plan, this.controls, this.slots);
      this.beginning = this.assignment.begin(before);
    });
    this.consumer.on(events.REBALANCING, () => {
      this.unjoinedSince ??= Date.now();
      this.assignment?.lose(new Error('the group rebalances'));
    });
    this.consumer.on(events.START_BATCH_PROCESS, ({ payload: { topic, partition, batchSize, lastOffset } }) => {
      // Nothing but markers, or all deleted by compaction: kafkajs passes it without a call of eachBatch.
      if (batchSize === 0) this.assignment?.worker(topic, partition)?.passed(Number(lastOffset) + 1);
    });
    // kafkajs asks a dead connection again and again: with its own attempts it would take a minute to give up.
    this.consumer.on(events.REQUEST_TIMEOUT, ({ payload }) => this.end(new BrokerSilent(payload.broker, payload.apiName, payload.pendingDuration)));
    this.consumer.on(events.CRASH, ({ payload }) => this.end(payload.error));
  }

  private handOver({ batch, resolveOffset, isRunning, isStale }: EachBatchPayload): void {
    const { topic, partition, messages } = batch;
    const worker = this.assignment?.worker(topic, partition);
    if (!worker || this.isClosing || !isRunning() || isStale()) return;
    const lastOffset = batch.lastOffset();
    const taken = worker.offer({
      records: messages.map((message) => incomingRecord(topic, partition, message)),
      fetchedOffset: fetchedOffsetOf(batch),
      nextOffset: Number(lastOffset) + 1,
      highWatermark: Number(batch.highWatermark),
    });
    // For kafkajs this is where the next fetch begins; what is done is committed by `commit`.
    if (taken) resolveOffset(lastOffset);
  }

  private async commit(): Promise<void> {
    const assignment = this.assignment;
    const offsets = assignment?.uncommitted() ?? [];
    if (!assignment || offsets.length === 0 || !this.isJoined) return;
    await this.consumer.commitOffsets(offsets);
    assignment.markCommitted(offsets);
  }

  private async watch(): Promise<void> {
    const { rebalanceTimeout, sessionTimeout, stallTimeoutMs } = this.plan.settings;
    const joinWithinMs = rebalanceTimeout + sessionTimeout + stallTimeoutMs;
    if (this.unjoinedSince !== null && Date.now() - this.unjoinedSince > joinWithinMs) return this.end(new ConsumerStalled(`group ${this.plan.groupId}`, joinWithinMs));
    const stalled = (await this.assignment?.stalled()) ?? [];
    if (stalled.length > 0) this.end(new ConsumerStalled(stalled.join(', '), stallTimeoutMs));
  }

  /** One after the other; what fails is tried again the next time. */
  private every(ms: number, work: () => Promise<void>): void {
    let inWork = false;
    const run = async () => {
      if (inWork) return;
      inWork = true;
      await work().catch((err: unknown) => this.plan.logger.debug({ err, groupId: this.plan.groupId }, 'A regular piece of work of the consumer failed and is tried again'));
      inWork = false;
    };
    this.timers.push(setInterval(() => void run(), ms));
  }

  private readonly controls: ConsumerControls = {
    pause: ({ topic, partition }) => this.whileRunning(() => this.consumer.pause([{ topic, partitions: [partition] }])),
    resume: ({ topic, partition }) => this.whileRunning(() => this.consumer.resume([{ topic, partitions: [partition] }])),
    seek: ({ topic, partition }, offset) => this.whileRunning(() => this.consumer.seek({ topic, partition, offset: String(offset) })),
    offsets: (topic) => offsetsOf(this.admin, topic),
    committed: (topics) => committedBy(this.admin, this.plan.groupId, topics),
  };

  /** kafkajs throws when it has just stopped; then there is nothing to steer. */
  private whileRunning(steer: () => void): void {
    try {
      steer();
    } catch (err) {
      this.plan.logger.debug({ err, groupId: this.plan.groupId }, 'The consumer ended before it could be steered');
    }
  }
}

function consumerOf(client: Kafka, { groupId, kafka, settings }: ConsumerPlan): Consumer {
  const { sessionTimeout, rebalanceTimeout, heartbeatInterval, maxBytes, maxBytesPerPartition, maxWaitTimeInMs } = settings;
  return client.consumer({
    groupId,
    sessionTimeout,
    rebalanceTimeout,
    heartbeatInterval,
    minBytes: 1,
    maxBytes,
    maxBytesPerPartition,
    maxWaitTimeInMs,
    metadataMaxAge: 300_000,
    allowAutoTopicCreation: false,
    // A crash always comes to us: kafkajs restarts for some errors and not for others.
    retry: { ...kafka.retry, restartOnFailure: async () => false },
  });
}

/** kafkajs sets it and leaves it out of its types. */
function fetchedOffsetOf(batch: Batch): number {
  return Number('fetchedOffset' in batch ? batch.fetchedOffset : batch.firstOffset());
}
