import type { INestApplication } from '@nestjs/common';
import type { CustomTransportStrategy } from '@nestjs/microservices';
import type { AnyEventType } from '@lifeos/contracts';
import { RegistryUnreachable } from '@lifeos/events';
import { Relay, type EventLog } from '@lifeos/event-log';
import { KafkaRecordPublisher, partitionFor } from '@lifeos/kafka';
import type { Database } from '@lifeos/postgres';
import { openSchemaRegistry, type SchemaRegistryAccess } from '@lifeos/schema-registry';
import type { Probe } from '../health/readiness.js';
import { readOutbox } from '../metrics/outbox-reading.js';
import type { ServiceDefinition } from '../service-definition.js';
import type { ShutdownStep } from '../shutdown/shutdown.js';
import { flushRelay } from './flush-relay.js';
import { kafkaSettings, registryUrl } from './kafka-settings.js';
import { logPublished } from './log-published.js';
import type { CommonParts } from './open-parts.js';
import { typesPublishedBy } from './types-known-to.js';

/** Everything between the service and the broker. */
export interface EventFlow {
  /** Feeds the reactions. */
  readonly strategy: CustomTransportStrategy | null;
  readonly relay: Relay;
  readonly probes: readonly Probe[];
  /** What ends after consumption, in order. */
  readonly steps: readonly ShutdownStep[];
  /** Brings the gauges up to date that need to be asked for. */
  refreshMetrics(): Promise<void>;
  /** Relay and consumption begin; a broker that is away is waited for in the background. */
  start(app: INestApplication): Promise<void>;
}

/** Context topics have this many partitions for ever; only the size of what is sent at once hangs on it. */
const partitions = 6;

export type FlowParts = CommonParts & { readonly database: Database; readonly eventLog: EventLog };

/** @throws SchemaNotRegistered when a reachable registry lacks what this service publishes. */
export async function openEventFlow(definition: ServiceDefinition, types: readonly AnyEventType[], parts: FlowParts): Promise<EventFlow> {
  const { config, logger, metrics, database, eventLog } = parts;
  const kafka = kafkaSettings(definition.name, config, logger);
  const registry = openSchemaRegistry({ url: registryUrl(config) }, types);
  await requirePublishable(registry, typesPublishedBy(definition.name, types), parts);
  const publisher = logPublished(new KafkaRecordPublisher(kafka), logger, metrics);
  const relay = new Relay({
    connection: { url: config.DATABASE_URL, applicationName: `${definition.name} relay` },
    service: definition.name,
    publisher,
    schemaIds: registry.ids,
    partitionOf: (_topic, key) => partitionFor(key, partitions),
    onError: (err) => logger.warn({ err }, 'The relay waits and tries again.'),
  });
  eventLog.onAppended(() => relay.wake());
  return {
    strategy: null,
    relay,
    probes: [
      { name: 'broker', required: false, check: async () => requirePhase(relay) },
      { name: 'registry', required: false, check: () => registry.client.ping() },
    ],
    steps: [
      { name: 'relay', run: () => flushRelay(relay, database) },
      { name: 'producer', run: () => publisher.close() },
    ],
    refreshMetrics: () => readOutbox(metrics, relay, database),
    start: async () => relay.start(),
  };
}

/** Unreachable is no reason to stay down: the log grows and is relayed later. */
async function requirePublishable(registry: SchemaRegistryAccess, types: readonly AnyEventType[], { logger }: FlowParts): Promise<void> {
  try {
    await registry.ids.prefetch(types);
  } catch (err) {
    if (!(err instanceof RegistryUnreachable)) throw err;
    logger.warn({ err }, 'The schema registry is away; events wait in the log until it answers.');
  }
}

async function requirePhase(relay: Relay): Promise<void> {
  const { phase, lastError } = relay.status();
  if (phase === 'waiting-for-broker') throw new Error(lastError?.message ?? phase);
}
