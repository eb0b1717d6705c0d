import { fileURLToPath } from 'node:url';
import { allEventTypes, type EventType } from '@lifeos/contracts';
import type { HandlerContext } from '@lifeos/delivery';
import { adoptServer, EventLog, eventLogMigrations, type StoredEvent } from '@lifeos/event-log';
import { derivedEventId, type EventEnvelope, newEventId } from '@lifeos/events';
import { type Database, migrate, openDatabase, type Transaction } from '@lifeos/postgres';
import { createTestDatabase } from './test-database.js';

/** A controller whose method takes a batch of events. */
export interface BatchReaction<E extends EventEnvelope> {
  handle(events: readonly E[], context: HandlerContext): Promise<void>;
}

/** A service's own tables in a database of their own, and its reactions called as delivery calls them. */
export interface ReactionBench {
  readonly database: Database;
  readonly eventLog: EventLog;
  /** Hands one batch over in one transaction that holds all its keys; gives back what it raised, in order. */
  handle<E extends EventEnvelope>(reaction: BatchReaction<E>, ...events: readonly E[]): Promise<StoredEvent[]>;
  close(): Promise<void>;
}

/** `migrations` is the folder of the service's own ones. */
export async function openReactionBench(migrations: URL): Promise<ReactionBench> {
  const { url, drop } = await createTestDatabase();
  await migrate({ url, sets: [eventLogMigrations, { dir: fileURLToPath(migrations), table: 'service_migrations' }] });
  const database = openDatabase({ url, applicationName: 'reaction-bench' });
  await adoptServer(database);
  const eventLog = new EventLog({ database, types: allEventTypes, service: 'bench' });
  return {
    database,
    eventLog,
    async handle(reaction, ...events) {
      const keys = [...new Set(events.map(({ key }) => key))];
      const raised: string[] = [];
      await database.transaction({ keys }, (tx) => reaction.handle(events, contextOf(tx, eventLog, raised)));
      const stored: StoredEvent[] = [];
      for await (const event of eventLog.readAll()) if (raised.includes(event.eventId)) stored.push(event);
      return stored;
    },
    async close() {
      await database.close();
      await drop();
    },
  };
}

/** An event as a handler gets it, of the person that the payload names. */
export function eventOf<P extends object, I extends { readonly user_id: number }>(
  type: EventType<P, I>,
  input: I,
  timestamp: Date = new Date('2026-11-21T12:00:00Z'),
): EventEnvelope<P> {
  return {
    eventId: newEventId(),
    type,
    version: type.version,
    timestamp,
    key: String(input.user_id),
    correlationId: newEventId(),
    causationId: null,
    source: type.context,
    traceparent: null,
    payload: type.build(input),
  };
}

function contextOf(tx: Transaction, eventLog: EventLog, raised: string[]): HandlerContext {
  return {
    handler: 'reaction-bench',
    tx,
    isReplay: false,
    signal: new AbortController().signal,
    raise(type, input, { cause, fact, timestamp = cause.timestamp }) {
      const identity = { context: type.context, eventName: type.name, userId: cause.key, fact: fact ?? `${cause.eventId} ${raised.length}` };
      const eventId = derivedEventId(identity);
      raised.push(eventId);
      const { correlationId, eventId: causationId, key, traceparent } = cause;
      eventLog.append(tx, [{ eventId, type, timestamp, key, correlationId, causationId, traceparent, payload: type.build(input) }]);
      return eventId;
    },
  };
}
