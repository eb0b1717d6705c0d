import type { AnyEventType } from '@lifeos/contracts';
import { BatchProcessor, type HandlerDefinition } from '@lifeos/delivery';
import type { EventLog } from '@lifeos/event-log';
import type { RecordDecoder } from '@lifeos/events';
import { KafkaConsumerRunner, KafkaEventsStrategy, topicOffsets, type ConsumerState, type KafkaConfig } from '@lifeos/kafka';
import type { Database } from '@lifeos/postgres';
import type { ServiceConfig } from '../config/service-config.js';
import type { Logger } from '../logging/logger.js';
import type { Metrics } from '../metrics/metrics.js';
import { partitionStarts } from './partition-starts.js';
import { deliveryLog, deliveryMetrics } from './delivery-ports.js';

export interface ConsumptionOptions {
  readonly kafka: KafkaConfig;
  readonly config: ServiceConfig;
  readonly groupId: string;
  readonly types: readonly AnyEventType[];
  readonly decoder: RecordDecoder;
  readonly database: Database;
  readonly eventLog: EventLog;
  readonly logger: Logger;
  readonly metrics: Metrics;
}

/** From the topics to the methods under `@Handles`, each event taking effect once. */
export interface Consumption {
  readonly strategy: KafkaEventsStrategy;
  /** @throws InvalidHandlers, HandlerNameTaken or VersionGapsInRange: faults to be told at the start, whether or not the broker is there. */
  requireSoundHandlers(): void;
  /** Null before the first start, and for a service that handles nothing. */
  state(): ConsumerState | null;
}

export function createConsumption(options: ConsumptionOptions): Consumption {
  let runner: KafkaConsumerRunner | null = null;
  const strategy = new KafkaEventsStrategy({ consumer: (handlers) => (runner = runnerFor(handlers, options)) });
  return { strategy, requireSoundHandlers: () => void runnerFor(strategy.handlers, options), state: () => runner?.state() ?? null };
}

function runnerFor(handlers: readonly HandlerDefinition[], options: ConsumptionOptions): KafkaConsumerRunner {
  const { kafka, config, groupId, types, decoder, database, eventLog, logger, metrics } = options;
  const processor = new BatchProcessor({
    handlers,
    decoder,
    database,
    eventLog,
    knownTypes: types,
    logger: deliveryLog(logger),
    metrics: deliveryMetrics(metrics),
    maxEvents: config.BATCH_MAX_EVENTS,
    maxTransactionMs: config.BATCH_MAX_MS,
    currentHighWatermark: (topic, partition) => highWatermark(kafka, topic, partition),
  });
  return new KafkaConsumerRunner({
    kafka,
    groupId,
    topics: topicsOf(handlers, types),
    positions: partitionStarts(handlers, database, kafka),
    processor,
    settings: { maxWaitTimeInMs: config.KAFKA_FETCH_WAIT_MS },
    logger,
  });
}

/** Each topic that holds a type that somebody handles; a wildcard hears everything. */
export function topicsOf(handlers: readonly Pick<HandlerDefinition, 'types'>[], known: readonly AnyEventType[]): string[] {
  const wanted = handlers.flatMap(({ types }) => (types === '*' ? known : types));
  return [...new Set(wanted.flatMap(({ topic }) => (topic === null ? [] : [topic])))].sort();
}

async function highWatermark(kafka: KafkaConfig, topic: string, partition: number): Promise<number> {
  const offsets = await topicOffsets(kafka, topic);
  const found = offsets.find((candidate) => candidate.partition === partition);
  if (!found) throw new Error(`${topic} has no partition ${partition}.`);
  return found.high;
}
