import type { Queryable, Transaction } from '@lifeos/postgres';
import type { BatchItem } from './batch-item.js';
import { parkedQueues, queuesOf, type ParkedQueues, type ParkedRow } from './parked-queues.js';
import type { PartitionOf } from './positions.js';

/** Nearly every batch brings only events that nobody has seen: then this is all. What is parked is looked at on the way. */
const remember = {
  name: 'delivery_remember_and_look',
  text: `WITH remembered AS (
           INSERT INTO inbox (topic, event_id, partition, record_offset)
           SELECT $1, event_id, $2, record_offset FROM unnest($3::uuid[], $4::bigint[]) AS seen (event_id, record_offset)
           ON CONFLICT (topic, event_id) DO NOTHING RETURNING 1)
         SELECT fresh.events, parked.handler, parked.key FROM (SELECT count(*)::int AS events FROM remembered) AS fresh
         LEFT JOIN (${parkedQueues('$1', '$5', '$6')}) AS parked ON true`,
};

/**
 * The lowest offset stays the event: a group that reads the topic again from its start meets the same
 * records in the same order, and must take the same ones for copies. An id on another partition is a
 * copy too, whoever came first. The outer select reads what was there before the statement, so a batch
 * that runs again rewrites no row.
 */
const record = {
  name: 'delivery_record_in_inbox',
  text: `WITH seen AS (SELECT event_id, record_offset FROM unnest($3::uuid[], $4::bigint[]) AS seen (event_id, record_offset)),
         remembered AS (
           INSERT INTO inbox (topic, event_id, partition, record_offset)
           SELECT $1, event_id, $2, record_offset FROM seen
           ON CONFLICT (topic, event_id) DO UPDATE SET record_offset = excluded.record_offset
           WHERE inbox.partition = excluded.partition AND inbox.record_offset > excluded.record_offset)
         SELECT event_id, partition, record_offset FROM inbox WHERE topic = $1 AND event_id = ANY ($3)`,
};

/** What is known of a batch's events before any handler is called. */
export interface BatchState {
  /** Copies of a record known before. */
  readonly copies: ReadonlySet<BatchItem>;
  readonly parked: ParkedQueues;
}

/** Remembers the items' events, and reads which of their queues are parked. Call it under the locks of their keys. */
export async function recordInInbox(tx: Transaction, at: PartitionOf, items: readonly BatchItem[], handlers: readonly string[]): Promise<BatchState> {
  const original = lowestOffsets(items);
  const keys = new Set<string>();
  for (const { key } of items) if (key !== null) keys.add(key);
  const values = [at.topic, at.partition, literal(original.keys()), literal(original.values())];
  const { rows } = await tx.query<ParkedRow & { events: number }>(remember, [...values, [...keys], handlers]);
  if ((rows[0]?.events ?? 0) < original.size) await recallFromInbox(tx, { at, values, original });
  return { copies: new Set(items.filter((item) => isCopy(item, original))), parked: queuesOf(rows) };
}

interface Recall {
  readonly at: PartitionOf;
  readonly values: readonly unknown[];
  readonly original: Map<string, number>;
}

/** Brings `original` to what the inbox knew before, for a batch in which it knew something. */
async function recallFromInbox(tx: Transaction, { at, values, original }: Recall): Promise<void> {
  const { rows } = await tx.query<{ event_id: string; partition: number; record_offset: string }>(record, values);
  for (const { event_id: id, partition, record_offset: offset } of rows) {
    const known = partition === at.partition ? Number(offset) : -1;
    original.set(id, Math.min(known, original.get(id) ?? known));
  }
}

/** UUIDs and numbers need no escaping, which the driver would do for each of them. */
const literal = (values: Iterable<string | number>): string => `{${[...values].join(',')}}`;

/** One statement must not meet the same id twice. */
function lowestOffsets(items: readonly BatchItem[]): Map<string, number> {
  const lowest = new Map<string, number>();
  for (const { headers, record: { offset } } of items) {
    if (headers === null) continue;
    const known = lowest.get(headers.eventId);
    if (known === undefined || offset < known) lowest.set(headers.eventId, offset);
  }
  return lowest;
}

function isCopy({ headers, record: { offset } }: BatchItem, original: ReadonlyMap<string, number>): boolean {
  return headers !== null && (original.get(headers.eventId) ?? offset) < offset;
}

export interface SweepOptions {
  /** Default 30. */
  readonly keepDays?: number;
  /** Rows a statement: small, so that no transaction holds the relays back. Default 2 000. */
  readonly batchSize?: number;
  readonly signal?: AbortSignal;
}

const sweep = `DELETE FROM inbox WHERE ctid = ANY (ARRAY(
    SELECT old.ctid FROM inbox old
    WHERE old.seen_at < now() - make_interval(days => $1)
      AND NOT EXISTS (SELECT 1 FROM dead_letters d WHERE d.topic = old.topic AND d.event_id = old.event_id)
    LIMIT $2 FOR UPDATE SKIP LOCKED))`;

/** P-18: forgets events older than `keepDays`, but none that a dead letter still holds. Returns how many. */
export async function sweepInbox(db: Queryable, { keepDays = 30, batchSize = 2_000, signal }: SweepOptions = {}): Promise<number> {
  let total = 0;
  for (;;) {
    if (signal?.aborted === true) return total;
    const { rowCount } = await db.query(sweep, [keepDays, batchSize]);
    total += rowCount;
    if (rowCount < batchSize) return total;
  }
}
