import { EventLog, eventLogMigrations } from '@lifeos/event-log';
import { allEventTypes } from '@lifeos/contracts';
import type { EventEnvelope, IncomingRecord } from '@lifeos/events';
import type { Database, Queryable } from '@lifeos/postgres';
import { migrate, openDatabase } from '@lifeos/postgres';
import { createTestDatabase } from './test-database.js';
import type { Batch, BatchOutcome } from '../batch.js';
import type { BatchProcessorOptions } from '../batch-processor.js';
import { BatchProcessor } from '../batch-processor.js';
import type { HandlerContext, HandlerDefinition } from '../handler.js';
import type { RetrierOptions } from '../retries/retrier.js';
import { Retrier } from '../retries/retrier.js';
import { deliveryMigrations } from '../migrations.js';
import type { DeliveryMetrics } from '../ports.js';
import { bareDecoder, handlerOf, topic } from './records.js';

/** Statements as (handler, quest_id) in the order of their commit. */
export type Effect = [handler: string, questId: number];

/** A service's database with everything that delivery needs, and a table of effects. */
export class Fixture {
  readonly told: string[] = [];
  readonly eventLog: EventLog;

  private constructor(
    readonly database: Database,
    readonly url: string,
    private readonly drop: () => Promise<void>,
  ) {
    this.eventLog = new EventLog({ database, service: 'dashboard', types: allEventTypes });
  }

  static async open(): Promise<Fixture> {
    const { url, drop } = await createTestDatabase();
    await migrate({ url, sets: [eventLogMigrations, deliveryMigrations] });
    const database = openDatabase({ url, applicationName: 'delivery-test', max: 6, onBackgroundError: () => undefined });
    await database.query(`CREATE TABLE effects (seq bigserial PRIMARY KEY, handler text NOT NULL, event_id uuid NOT NULL, user_id bigint NOT NULL, quest_id bigint NOT NULL CHECK (quest_id <> 666))`);
    return new Fixture(database, url, drop);
  }

  async close(): Promise<void> {
    await this.database.close();
    await this.drop();
  }

  async clear(): Promise<void> {
    this.told.length = 0;
    await this.database.query('TRUNCATE effects, consumer_positions, inbox, dead_letters, dead_letter_announcements, dead_letter_audit, event_log CASCADE');
  }

  processor(handlers: readonly HandlerDefinition[], options: Partial<BatchProcessorOptions> = {}): BatchProcessor {
    const { database, eventLog, metrics } = this;
    // Time must not cut batches on a slow machine; who tests that says so.
    return new BatchProcessor({ handlers, decoder: bareDecoder, database, eventLog, metrics, knownTypes: allEventTypes, maxTransactionMs: 60_000, ...options });
  }

  /** Call its `retryDue()`; time is what `options.now` says. */
  retrier(handlers: readonly HandlerDefinition[], options: Partial<RetrierOptions> = {}): Retrier {
    const { database, eventLog, metrics } = this;
    return new Retrier({ handlers, decoder: bareDecoder, database, eventLog, metrics, knownTypes: allEventTypes, ...options });
  }

  private get metrics(): DeliveryMetrics {
    const { told } = this;
    return {
      skipped: (_, reason, count) => told.push(`skipped ${reason} ${count}`),
      handled: ({ handler, events }) => told.push(`handled ${handler} ${events}`),
      parked: (handler, reason) => told.push(`parked ${handler} ${reason}`),
      rerun: (_, reason) => told.push(`rerun ${reason}`),
      exhausted: (handler, reason) => told.push(`exhausted ${handler} ${reason}`),
      retried: (handler, outcome) => told.push(`retried ${handler} ${outcome}`),
    };
  }

  async effects(): Promise<Effect[]> {
    const { rows } = await this.database.query<{ handler: string; quest_id: string }>('SELECT handler, quest_id FROM effects ORDER BY seq');
    return rows.map(({ handler, quest_id }) => [handler, Number(quest_id)]);
  }

  async rows<Row>(statement: string): Promise<Row[]> {
    return (await this.database.query<Row>(statement)).rows;
  }

  async positions(): Promise<Record<string, number>> {
    const rows = await this.rows<{ at: string; next_offset: string }>(`SELECT handler || '@' || partition AS at, next_offset FROM consumer_positions ORDER BY 1`);
    return Object.fromEntries(rows.map(({ at, next_offset }) => [at, Number(next_offset)]));
  }

  async letters(): Promise<{ handler: string; offset: number; reason: string; code: string; key: string | null }[]> {
    const rows = await this.rows<{ handler: string; record_offset: string; reason: string; error_code: string; key: string | null }>(
      'SELECT * FROM dead_letters ORDER BY record_offset, handler',
    );
    return rows.map((row) => ({ handler: row.handler, offset: Number(row.record_offset), reason: row.reason, code: row.error_code, key: row.key }));
  }
}

export function batchOf(records: readonly IncomingRecord[], more: Partial<Batch> = {}): Batch {
  const first = records[0]?.offset ?? 0;
  const end = (records.at(-1)?.offset ?? -1) + 1;
  return { topic, partition: records[0]?.partition ?? 0, records, fetchedOffset: first, highWatermark: end, ...more };
}

export const go = new AbortController().signal;
export const done = (nextOffset: number): BatchOutcome => ({ kind: 'done', nextOffset });

type Before = (event: EventEnvelope<{ quest_id: number; user_id: number }>, context: HandlerContext) => unknown;

/** Writes one effect an event. */
export function writer(name: string, before: Before = () => undefined, more: Partial<HandlerDefinition> = {}): HandlerDefinition {
  return handlerOf(name, (events, context) => writeEach(name, events, { context, before }), more);
}

async function writeEach(name: string, events: readonly EventEnvelope[], { context, before }: { context: HandlerContext; before: Before }): Promise<void> {
  for (const event of events as EventEnvelope<{ quest_id: number; user_id: number }>[]) {
    await before(event, context);
    await writeEffect(context.tx, name, event);
  }
}

export async function writeEffect(tx: Queryable, name: string, { eventId, payload }: EventEnvelope<{ quest_id: number; user_id: number }>): Promise<void> {
  await tx.query('INSERT INTO effects (handler, event_id, user_id, quest_id) VALUES ($1, $2, $3, $4)', [name, eventId, payload.user_id, payload.quest_id]);
}

/** Writes all its events in one statement. */
export function batchWriter(name: string, before: (events: readonly EventEnvelope[], context: HandlerContext) => unknown = () => undefined, more: Partial<HandlerDefinition> = {}): HandlerDefinition {
  const invoke: HandlerDefinition['invoke'] = async (events, context) => {
    await before(events, context);
    const payloads = events.map(({ payload }) => payload as { quest_id: number; user_id: number });
    await context.tx.query(
      `INSERT INTO effects (handler, event_id, user_id, quest_id) SELECT $1, * FROM unnest($2::uuid[], $3::bigint[], $4::bigint[])`,
      [name, events.map(({ eventId }) => eventId), payloads.map(({ user_id }) => user_id), payloads.map(({ quest_id }) => quest_id)],
    );
  };
  return handlerOf(name, invoke, { batch: true, ...more });
}
