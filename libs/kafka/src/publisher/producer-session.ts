import kafkajs, { type Kafka, type Message, type Producer, type TopicMessages } from 'kafkajs';
import type { OutgoingRecord } from '@lifeos/events';
import { settledWithin } from '../timing.js';
import { partitionFor } from './partition-for.js';

/** Settings of one send. */
export interface SendSettings {
  readonly compression: 'none' | 'gzip';
  /** ms that the leader may wait for its replicas. */
  readonly acknowledgeWithinMs: number;
  /** ms after which a send that kafkajs still tries is given up. */
  readonly deadlineMs: number;
}

/**
 * One kafkajs producer with a producer id of its own, used until its first failure. kafkajs takes
 * sequence numbers back when a send fails, also when the broker did write and only the answer was
 * lost; the next send would then reuse them and be dropped as a duplicate. So a producer that failed
 * never sends again: `discard` it.
 */
export class ProducerSession {
  private discarded = false;
  private sending: Promise<unknown> = Promise.resolve();
  private readonly producer: Producer;
  private connected = false;

  constructor(client: Kafka, private readonly settings: SendSettings) {
    this.producer = client.producer({
      idempotent: true,
      maxInFlightRequests: 1,
      allowAutoTopicCreation: false,
      metadataMaxAge: 300_000,
      createPartitioner: () => ({ message, partitionMetadata }) => this.partitionOf(message, partitionMetadata.length),
    });
  }

  /** @throws whatever kafkajs throws, or an Error when the deadline passed. */
  async send(records: readonly OutgoingRecord[]): Promise<void> {
    const work = this.sendNow(records);
    this.sending = work;
    if (!(await settledWithin(this.settings.deadlineMs, work))) throw new Error(`no answer within ${this.settings.deadlineMs} ms`);
    await work;
  }

  /** Ends the connections at once; resolves when they are closed. */
  async discard(): Promise<void> {
    this.discarded = true;
    await this.producer.disconnect();
    // A send that is still retrying connects again by itself, so the connections are closed once more behind it.
    await this.sending.then(
      () => {},
      () => this.producer.disconnect(),
    );
  }

  private async sendNow(records: readonly OutgoingRecord[]): Promise<void> {
    if (!this.connected) await this.producer.connect();
    this.connected = true;
    await this.producer.sendBatch({
      acks: -1,
      timeout: this.settings.acknowledgeWithinMs,
      compression: this.settings.compression === 'gzip' ? kafkajs.CompressionTypes.GZIP : kafkajs.CompressionTypes.None,
      topicMessages: byTopic(records),
    });
  }

  /** kafkajs asks for every attempt, so a send given up cannot write any more. */
  private partitionOf(message: Message, partitions: number): number {
    if (this.discarded) throw new kafkajs.KafkaJSNonRetriableError('the producer was thrown away');
    if (message.key === null || message.key === undefined) throw new kafkajs.KafkaJSNonRetriableError('a record needs a key');
    return partitionFor(message.key, partitions);
  }
}

function byTopic(records: readonly OutgoingRecord[]): TopicMessages[] {
  const topics = new Map<string, Message[]>();
  for (const { topic, key, value, headers } of records) {
    const messages = topics.get(topic) ?? [];
    messages.push({ key, value, headers: { ...headers } });
    topics.set(topic, messages);
  }
  return [...topics].map(([topic, messages]) => ({ topic, messages }));
}
