import { generateKeyPairSync } from 'node:crypto';
import { Writable } from 'node:stream';
import { allRecordTypes } from '@lifeos/contracts';
import { BatchProcessor, noMetrics, silentLog, type HandlerDefinition } from '@lifeos/delivery';
import { bareDecoder, recordOf } from '@lifeos/app-testing';
import { adoptServer, EventLog, logStart, type LogPosition } from '@lifeos/event-log';
import type { EventEnvelope, IncomingRecord } from '@lifeos/events';
import { connectKafkaEvents, KafkaEventsStrategy } from '@lifeos/kafka';
import { migrate, openDatabase, type Database } from '@lifeos/postgres';
import { runService, serviceMigrations, StoredConsentGate, type ServiceDefinition } from '@lifeos/service';
import { createTestDatabase } from '@lifeos/testing';

/** A service's database with nothing in it, and all its handlers behind the real delivery; no broker. */
export interface Stage {
  readonly database: Database;
  /** What a command of the service would have done to its log. */
  append(events: readonly EventEnvelope[]): Promise<void>;
  /**
   * One batch of one topic, behind all that it brought before. Calls for different topics may overlap.
   * @throws when anything was parked or left over.
   */
  deliver(topic: string, events: readonly EventEnvelope[]): Promise<void>;
  /** What the service published since it was asked the last time, in the order of its log. */
  published(): Promise<EventEnvelope[]>;
  close(): Promise<void>;
}

export interface Service {
  readonly definition: ServiceDefinition;
  readonly handlers: readonly HandlerDefinition[];
  openStage(): Promise<Stage>;
  close(): Promise<void>;
}

/** The service as its module wires it: the handlers that Nest found, called through Nest. */
export async function openService(definition: ServiceDefinition, environment: Readonly<Record<string, string>> = {}): Promise<Service> {
  const home = await emptyDatabase(definition);
  const { publicKey, privateKey } = generateKeyPairSync('ed25519', { publicKeyEncoding: { type: 'spki', format: 'pem' }, privateKeyEncoding: { type: 'pkcs8', format: 'pem' } });
  const away = { PORT: '0', LOG_LEVEL: 'silent', KAFKA_BROKERS: '127.0.0.1:1', SCHEMA_REGISTRY_URL: 'http://127.0.0.1:1', SHUTDOWN_TIMEOUT_MS: '500' };
  const service = await runService(definition, {
    environment: { ...away, DATABASE_URL: home.url, JWT_PUBLIC_KEY: publicKey, JWT_PRIVATE_KEY: privateKey, ...environment },
    logDestination: new Writable({ write: (_line, _encoding, done) => done() }),
  });
  const strategy = new KafkaEventsStrategy({ consumer: () => ({ start: () => Promise.resolve(), stop: () => Promise.resolve() }) });
  connectKafkaEvents(service.app, strategy);
  const handlers = strategy.handlers.map((handler) => ({ ...handler, timeoutMs: 60_000 }));
  return {
    definition,
    handlers,
    openStage: () => openStage(definition, handlers),
    close: async () => {
      await service.stop();
      await home.drop();
    },
  };
}

const partition = 0;

async function openStage(definition: ServiceDefinition, handlers: readonly HandlerDefinition[]): Promise<Stage> {
  const { url, drop } = await emptyDatabase(definition);
  // A connection that waits in the pool may hear of the end of its database before it is closed.
  const database = openDatabase({ url, applicationName: 'histories', onConnect: adoptServer, max: 4, onBackgroundError: () => undefined });
  const types = [...allRecordTypes, ...(definition.privateEventTypes ?? [])];
  const eventLog = new EventLog({ database, service: definition.name, types });
  const faults: string[] = [];
  const processor = new BatchProcessor({
    handlers, database, eventLog,
    decoder: bareDecoder,
    knownTypes: types,
    gate: new StoredConsentGate({ service: definition.name, database, areConsentsRead: () => Promise.resolve(true) }),
    metrics: { ...noMetrics, parked: (handler, reason) => void faults.push(`${handler} parked: ${reason}`) },
    // Two topics at once may meet each other's locks; such a batch runs again.
    logger: { ...silentLog, error: (message, fields) => void faults.push(`${message} ${JSON.stringify(fields)}`) },
    maxEvents: 1_000,
  });
  const offsets = new Map<string, number>();
  let read: LogPosition = logStart;
  return {
    database,
    append: async (events) => {
      if (events.length === 0) return;
      const keys = [...new Set(events.map(({ key }) => key))];
      await database.transaction({ keys }, (tx) => Promise.resolve(eventLog.append(tx, events)));
    },
    deliver: async (topic, events) => {
      const first = offsets.get(topic) ?? 0;
      const next = first + events.length;
      offsets.set(topic, next);
      const records = events.map((event, index) => ({ ...encoded(event), topic, partition, offset: first + index }));
      const outcome = await processor.process({ topic, partition, records, fetchedOffset: first, highWatermark: next }, new AbortController().signal);
      if (outcome.kind !== 'done' || outcome.nextOffset !== next || faults.length > 0) throw new Error(`${topic} was not taken: ${JSON.stringify(outcome)} ${faults.slice(0, 3).join('\n')}`);
    },
    published: async () => {
      const fresh: EventEnvelope[] = [];
      for await (const event of eventLog.readAll({}, { after: read, pageSize: 5_000 })) {
        read = event.position;
        if (event.type.topic !== null) fresh.push(event);
      }
      return fresh;
    },
    close: async () => {
      await database.close();
      await drop();
    },
  };
}

const known = new WeakMap<EventEnvelope, IncomingRecord>();

/** An event is delivered several times and encoded once. */
function encoded(event: EventEnvelope): IncomingRecord {
  const record = known.get(event) ?? recordOf(event, { topic: '', partition, offset: 0 });
  known.set(event, record);
  return record;
}

async function emptyDatabase({ migrations }: ServiceDefinition): Promise<{ url: string; drop(): Promise<void> }> {
  const { url, drop } = await createTestDatabase();
  await migrate({ url, sets: serviceMigrations(migrations) });
  return { url, drop };
}
