import type { INestApplication } from '@nestjs/common';
import type { AnyEventType } from '@lifeos/contracts';
import { DeadLetterDesk } from '@lifeos/delivery';
import { Relay, type EventLog } from '@lifeos/event-log';
import { RegistryUnreachable } from '@lifeos/events';
import { KafkaRecordPublisher, partitionFor, type KafkaEventsStrategy } from '@lifeos/kafka';
import type { Database } from '@lifeos/postgres';
import { openSchemaRegistry, type SchemaRegistryAccess } from '@lifeos/schema-registry';
import { Liveness } from '../health/liveness.js';
import type { Probe } from '../health/readiness.js';
import { readLag } from '../metrics/lag-reading.js';
import { readOutbox } from '../metrics/outbox-reading.js';
import { readDeadLetters } from '../operator/dead-letter-metrics.js';
import type { ServiceDefinition } from '../service-definition.js';
import type { ShutdownStep } from '../shutdown/shutdown.js';
import { createConsumption, type Consumption } from './consumption.js';
import { flushRelay } from './flush-relay.js';
import { kafkaSettings, registryUrl } from './kafka-settings.js';
import { logPublished } from './log-published.js';
import type { CommonParts } from './open-parts.js';
import { hasNeverPublished, restoreOwnEvents, type RestoreParts } from './restore-own-events.js';
import { typesPublishedBy, upcastsOf } from './types-known-to.js';

/** Everything between the service and the broker. */
export interface EventFlow {
  /** Feeds the reactions. */
  readonly strategy: KafkaEventsStrategy;
  readonly relay: Relay;
  /** Where operators see and mend what is parked. */
  readonly deadLetters: DeadLetterDesk;
  readonly probes: readonly Probe[];
  readonly liveness: Liveness;
  /** What ends after consumption, in order. */
  readonly steps: readonly ShutdownStep[];
  /** Brings the gauges up to date that need to be asked for. */
  refreshMetrics(): Promise<void>;
  /**
   * Relay and consumption begin; a broker that is away is waited for in the background. `whenBegun` is
   * called once the events of an earlier life are back, which may be long after this resolved.
   * @throws InvalidHandlers naming every fault of every handler, HandlerNameTaken, VersionGapsInRange.
   */
  start(app: INestApplication, whenBegun: () => void): Promise<void>;
}

export type FlowParts = CommonParts & { readonly database: Database; readonly eventLog: EventLog };

/** Context topics have this many partitions for ever; only the size of what is sent at once hangs on it. */
const partitions = 6;

/** @throws SchemaNotRegistered when a reachable registry lacks what this service publishes. */
export async function openEventFlow(definition: ServiceDefinition, types: readonly AnyEventType[], parts: FlowParts): Promise<EventFlow> {
  const { config, logger, metrics, database, eventLog } = parts;
  const kafka = kafkaSettings(definition.name, config, logger);
  const registry = openSchemaRegistry({ url: registryUrl(config) }, types);
  const published = typesPublishedBy(definition, types);
  await requirePublishable(registry, published, parts);
  const publisher = logPublished(new KafkaRecordPublisher(kafka), logger, metrics);
  const relay = new Relay({
    connection: { url: config.DATABASE_URL, applicationName: `${definition.name} relay`, connectTimeoutMs: config.DATABASE_CONNECT_TIMEOUT_MS },
    service: definition.name,
    publisher,
    schemaIds: registry.ids,
    pollMs: config.RELAY_POLL_MS,
    partitionOf: (_topic, key) => partitionFor(key, partitions),
    onError: (err) => logger.warn({ err }, 'The relay waits and tries again.'),
  });
  eventLog.onAppended(() => relay.wake());
  const consumption = createConsumption({ service: definition.name, kafka, config, types, upcasts: upcastsOf(definition), decoder: registry.decoder, database, eventLog, logger, metrics });
  const deadLetters = new DeadLetterDesk({ database, types, decoder: registry.decoder, wake: () => consumption.wakeRetries() });
  const liveness = new Liveness({ state: () => consumption.state(), group: () => consumption.group(), database: () => database.query('SELECT 1') }, config.LIVENESS_LIMIT_MS);
  const start = new FlowStart(relay, consumption, { kafka, types: published, database, schemaIds: registry.ids, logger });
  return {
    strategy: consumption.strategy,
    relay,
    deadLetters,
    probes: [
      { name: 'broker', required: false, check: async () => requireBroker(relay, consumption) },
      { name: 'registry', required: false, check: () => registry.client.ping() },
    ],
    liveness,
    steps: [
      { name: 'relay', run: () => flushRelay(relay, database) },
      { name: 'producer', run: () => publisher.close() },
    ],
    refreshMetrics: async () => {
      readLag(metrics, consumption.state());
      await Promise.all([readOutbox(metrics, relay, database), readDeadLetters(metrics, deadLetters)]);
    },
    start: async (app, whenBegun) => {
      liveness.start();
      app.getHttpServer().once('close', () => liveness.stop());
      await start.run(app, whenBegun);
    },
  };
}

/** Begins in the right order: what an earlier life published, then the relay, then the handlers. */
class FlowStart {
  constructor(
    private readonly relay: Relay,
    private readonly consumption: Consumption,
    private readonly restore: RestoreParts,
  ) {}

  async run(app: INestApplication, whenBegun: () => void): Promise<void> {
    this.consumption.requireSoundHandlers();
    if (!(await hasNeverPublished(this.restore.database))) return this.begin(app, whenBegun);
    const stopping = new AbortController();
    app.getHttpServer().once('close', () => stopping.abort());
    void this.restoreThenBegin(stopping.signal, () => this.begin(app, whenBegun));
  }

  private async restoreThenBegin(stopping: AbortSignal, begin: () => Promise<void>): Promise<void> {
    try {
      if (await restoreOwnEvents(this.restore, stopping)) await begin();
    } catch (err) {
      this.restore.logger.error({ err }, 'Publishing and handling did not begin; start the service again.');
    }
  }

  private async begin(app: INestApplication, whenBegun: () => void): Promise<void> {
    this.relay.start();
    await app.startAllMicroservices();
    whenBegun();
  }
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

function requireBroker(relay: Relay, consumption: Consumption): void {
  const { phase, lastError } = relay.status();
  if (phase === 'waiting-for-broker' || phase === 'stopped') throw new Error(lastError?.message ?? phase);
  const consumer = consumption.state();
  if (consumer && consumer.status !== 'running') throw new Error(consumer.lastError ?? consumer.status);
}
