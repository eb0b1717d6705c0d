import type { Kafka } from 'kafkajs';
import type { OutgoingRecord, RecordPublisher } from '@lifeos/events';
import { kafkaClient } from '../client/kafka-client.js';
import type { KafkaConfig } from '../client/kafka-config.js';
import { silentLogger, type KafkaLogger } from '../logger.js';
import { settledWithin } from '../timing.js';
import { publishError } from './broker-refusals.js';
import { OneAtATime } from './one-at-a-time.js';
import { ProducerSession, type SendSettings } from './producer-session.js';

export interface PublisherSettings {
  /** Default none; the readers of this workspace know gzip and nothing else. */
  readonly compression?: 'none' | 'gzip';
  /** ms for one answer of a broker; kept short, because kafkajs asks a dead connection again. Default 5 000. */
  readonly requestTimeout?: number;
  /** Attempts inside one publish after the first. Default 2. */
  readonly retries?: number;
  /** ms after which a publish fails whatever kafkajs is doing. Default 15 000. */
  readonly deadlineMs?: number;
}

const closeWithinMs = 3_000;

/** Publishes by kafkajs: idempotent producer, acks of all replicas, partition by Kafka's hash of the key. */
export class KafkaRecordPublisher implements RecordPublisher {
  private readonly client: Kafka;
  private readonly settings: SendSettings;
  private readonly logger: KafkaLogger;
  private readonly calls = new OneAtATime();
  private readonly discarding = new Set<Promise<void>>();
  private session: ProducerSession | null = null;

  constructor(config: KafkaConfig, settings: PublisherSettings = {}) {
    const requestTimeout = settings.requestTimeout ?? 5_000;
    this.logger = config.logger ?? silentLogger;
    this.settings = {
      compression: settings.compression ?? 'none',
      acknowledgeWithinMs: requestTimeout,
      deadlineMs: settings.deadlineMs ?? 15_000,
    };
    this.client = kafkaClient({ ...config, requestTimeout, retry: { ...config.retry, retries: settings.retries ?? 2 } });
  }

  publish(records: readonly OutgoingRecord[]): Promise<void> {
    return this.calls.run(async () => {
      if (records.length === 0) return;
      this.session ??= new ProducerSession(this.client, this.settings);
      try {
        await this.session.send(records);
      } catch (error) {
        this.discardSession();
        throw publishError(error);
      }
    });
  }

  /** Waits for the publish in work, then at most 3 s for connections to close. */
  async close(): Promise<void> {
    await this.calls.close();
    this.discardSession();
    await settledWithin(closeWithinMs, Promise.all(this.discarding));
  }

  /** In the background: the next publish needs nothing of it. */
  private discardSession(): void {
    if (!this.session) return;
    const work = this.session
      .discard()
      .catch((err: unknown) => this.logger.warn({ err }, 'A producer that was thrown away did not disconnect cleanly'))
      .finally(() => this.discarding.delete(work));
    this.discarding.add(work);
    this.session = null;
  }
}
