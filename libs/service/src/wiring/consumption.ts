import { ConsentState, type AnyEventType, type UpcastChains } from '@lifeos/contracts';
import type { HandlerDefinition } from '@lifeos/delivery';
import type { EventLog } from '@lifeos/event-log';
import type { RecordDecoder } from '@lifeos/events';
import { EventFeed, groupLag, KafkaEventsStrategy, topicOffsets, type ConsumerState, type EventConsumer, type KafkaConfig, type PartitionLag } from '@lifeos/kafka';
import type { Database } from '@lifeos/postgres';
import { areConsentsRead } from '../consent/consent-store.js';
import { StoredConsentGate } from '../consent/stored-consent-gate.js';
import type { ServiceConfig } from '../config/service-config.js';
import type { Logger } from '../logging/logger.js';
import type { Metrics } from '../metrics/metrics.js';
import { deliveryLog, deliveryMetrics } from './delivery-ports.js';
import { Mending } from './mending.js';
import { topicsOf } from './topics-of.js';

export interface ConsumptionOptions {
  readonly service: string;
  readonly kafka: KafkaConfig;
  readonly config: ServiceConfig;
  readonly types: readonly AnyEventType[];
  readonly upcasts: UpcastChains;
  readonly decoder: RecordDecoder;
  readonly database: Database;
  readonly eventLog: EventLog;
  readonly logger: Logger;
  readonly metrics: Metrics;
}

const consentsTopic = ConsentState.topic ?? '';

/** From the topics to the methods under `@Handles`, each event taking effect once. */
export interface Consumption {
  readonly strategy: KafkaEventsStrategy;
  /** @throws InvalidHandlers, HandlerNameTaken or VersionGapsInRange: faults to be told at the start, whether or not the broker is there. */
  requireSoundHandlers(): void;
  /** Something parked may be due earlier than was known. */
  wakeRetries(): void;
  /** Null before the first start, and for a service that handles nothing. */
  state(): ConsumerState | null;
  /** How far the service's group is, whoever its members are. Rejects while the broker is away. */
  group(): Promise<readonly PartitionLag[]>;
}

export function createConsumption(options: ConsumptionOptions): Consumption {
  let consumer: ServiceConsumer | null = null;
  const strategy = new KafkaEventsStrategy({ consumer: (handlers) => (consumer = new ServiceConsumer(handlers, options)) });
  return {
    strategy,
    requireSoundHandlers: () => void new ServiceConsumer(strategy.handlers, options),
    wakeRetries: () => consumer?.wakeRetries(),
    state: () => consumer?.state() ?? null,
    group: async () => consumer?.group() ?? [],
  };
}

/** What comes from the topics, and beside it what was parked and is tried again. */
class ServiceConsumer implements EventConsumer {
  private readonly mending: Mending;
  private readonly feed: EventFeed;
  readonly group: () => Promise<readonly PartitionLag[]>;
  private isStopping = false;
  private isMending = false;

  constructor(handlers: readonly HandlerDefinition[], options: ConsumptionOptions) {
    const { service, kafka, config, types, upcasts, decoder, database, eventLog, logger } = options;
    const gate = new StoredConsentGate({
      service, database,
      areConsentsRead: async () => areConsentsRead(database, await topicOffsets(kafka, consentsTopic)),
    });
    const delivery = {
      handlers, gate, decoder, database, eventLog,
      knownTypes: types, upcasts,
      logger: deliveryLog(logger),
      metrics: deliveryMetrics(options.metrics),
      maxEvents: config.BATCH_MAX_EVENTS,
      maxTransactionMs: config.BATCH_MAX_MS,
    };
    this.mending = new Mending(service, kafka, delivery);
    const group = { groupId: config.KAFKA_GROUP_ID ?? service, topics: topicsOf(handlers, types) };
    this.group = () => groupLag(kafka, group.groupId, group.topics);
    this.feed = new EventFeed({
      kafka, logger, ...group,
      first: {
        topic: consentsTopic,
        isRead: (ends) => areConsentsRead(database, ends),
        // What was parked is as sensitive as what comes from the topics.
        onRead: () => this.mendWhileRunning(),
      },
      delivery: { ...delivery, onParked: () => this.mending.wake() },
      settings: { maxWaitTimeInMs: config.KAFKA_FETCH_WAIT_MS },
    });
  }

  async start(): Promise<void> {
    this.isStopping = false;
    await this.feed.start();
  }

  async stop(): Promise<void> {
    this.isStopping = true;
    await Promise.all([this.feed.stop(), this.mending.stop()]);
  }

  wakeRetries(): void {
    this.mending.wake();
  }

  state(): ConsumerState {
    return this.feed.state();
  }

  private mendWhileRunning(): void {
    if (this.isStopping || this.isMending) return;
    this.isMending = true;
    this.mending.start();
  }
}
