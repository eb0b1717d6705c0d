import { allEventTypes, type AnyEventType } from '@lifeos/contracts';
import { BatchProcessor, type HandlerContext, type HandlerDefinition, noMetrics } from '@lifeos/delivery';
import { adoptServer, EventLog, type StoredEvent } from '@lifeos/event-log';
import type { EventEnvelope, RecordDecoder } from '@lifeos/events';
import { type Database, migrate, openDatabase } from '@lifeos/postgres';
import { serviceMigrations } from '@lifeos/service';
import { createTestDatabase } from '@lifeos/testing';
import { recordOf } from './event-of.js';

/** A controller whose method takes a batch of events. */
export interface BatchReaction<E extends EventEnvelope> {
  handle(events: readonly E[], context: HandlerContext): Promise<void>;
}

/** A service's own tables in a database of their own, and its reactions fed by the real delivery, without a broker. */
export interface ReactionBench {
  readonly database: Database;
  readonly eventLog: EventLog;
  /**
   * Delivers events to one reaction, one batch a topic, each on a partition of its own, so that calls
   * may overlap. Gives back what they newly raised, in order.
   * @throws when the reaction fails.
   */
  handle<E extends EventEnvelope>(reaction: BatchReaction<E>, ...events: readonly E[]): Promise<StoredEvent[]>;
  close(): Promise<void>;
}

/** `migrations` is the folder of the service's own ones; `privateTypes` are events that only it stores. */
export async function openReactionBench(migrations: URL, privateTypes: readonly AnyEventType[] = []): Promise<ReactionBench> {
  const { url, drop } = await createTestDatabase();
  await migrate({ url, sets: serviceMigrations(migrations) });
  const database = openDatabase({ url, applicationName: 'reaction-bench', onConnect: adoptServer });
  const eventLog = new EventLog({ database, service: 'bench', types: [...allEventTypes, ...privateTypes] });
  let partition = 0;
  return {
    database,
    eventLog,
    async handle(reaction, ...events) {
      for (const [topic, batch] of byTopic(events)) await deliver({ reaction, database, eventLog }, batch, { topic, partition: partition++ });
      const causes = new Set(events.map(({ eventId }) => eventId));
      const raised: StoredEvent[] = [];
      for await (const event of eventLog.readAll()) if (causes.has(event.causationId ?? '')) raised.push(event);
      return raised;
    },
    async close() {
      await database.close();
      await drop();
    },
  };
}

interface Under<E extends EventEnvelope> {
  readonly reaction: BatchReaction<E>;
  readonly database: Database;
  readonly eventLog: EventLog;
}

async function deliver<E extends EventEnvelope>({ reaction, database, eventLog }: Under<E>, events: readonly E[], place: { topic: string; partition: number }): Promise<void> {
  const failures: unknown[] = [];
  const types = [...new Set(events.map(({ type }) => type))];
  const handler: HandlerDefinition = {
    name: reaction.constructor.name,
    aliases: [],
    types,
    // Of the majors that it is given; a newer one of the catalog is none of its business.
    versions: types.map(({ major }) => `^${major}.0.0`).join(' || '),
    batch: true,
    from: 'beginning',
    timeoutMs: 60_000,
    invoke: (given, context) => reaction.handle(given as readonly E[], context).catch((error: unknown) => (failures.push(error), Promise.reject(error))),
  };
  const parked: string[] = [];
  const metrics = { ...noMetrics, parked: (_handler: string, reason: string) => void parked.push(reason) };
  const processor = new BatchProcessor({ handlers: [handler], decoder: bareDecoder, database, eventLog, knownTypes: allEventTypes, metrics });
  const records = events.map((event, offset) => recordOf(event, { ...place, offset }));
  const outcome = await processor.process({ ...place, records, fetchedOffset: 0, highWatermark: records.length }, new AbortController().signal);
  if (outcome.kind === 'done' && parked.length === 0) return;
  throw new Error(`${handler.name} did not take its batch: ${JSON.stringify({ outcome, parked })}`, { cause: failures[0] });
}

function byTopic<E extends EventEnvelope>(events: readonly E[]): Map<string, E[]> {
  const topics = new Map<string, E[]>();
  for (const event of events) {
    const topic = event.type.topic ?? '';
    topics.set(topic, [...(topics.get(topic) ?? []), event]);
  }
  return topics;
}

/** Without a registry: every record is written with the newest version. */
export const bareDecoder: RecordDecoder = { decode: ({ value }, type) => type.decode(value ?? Buffer.alloc(0), type.version) };
