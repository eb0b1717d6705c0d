import type { Queryable, Transaction } from '@lifeos/postgres';
import type { HandlerDefinition } from './handler.js';
import type { Subscription } from './subscriptions.js';

export interface PartitionOf {
  readonly topic: string;
  readonly partition: number;
}

/** What a handler that is new to a partition needs to know to find its start. */
export interface Fetched {
  /** The offset that was asked of the broker. */
  readonly from: number;
  /** The oldest offset that the log still holds. */
  readonly logStart: number;
  /** The end of the partition. */
  readonly highWatermark: number;
}

/** A handler's row. */
export interface Position {
  readonly next: number;
  /** Where the service's group waits for it, while another group feeds it. */
  readonly joinAt: number | null;
  /** From where on events come to it as they happen; null while another group feeds it. */
  readonly liveAt: number | null;
}

const lock = {
  name: 'delivery_lock_positions',
  text: `SELECT handler, next_offset, join_at, live_at FROM consumer_positions
         WHERE topic = $1 AND partition = $2 AND handler = ANY($3) ORDER BY handler FOR UPDATE`,
};

const insert = `INSERT INTO consumer_positions (handler, topic, partition, next_offset, start_from, start_offset, live_at)
  SELECT handler, $1, $2, start_offset, start_from, start_offset, greatest(start_offset, $6)
  FROM unnest($3::text[], $4::text[], $5::bigint[]) AS fresh (handler, start_from, start_offset)
  ON CONFLICT DO NOTHING`;

const advance = {
  name: 'delivery_advance_positions',
  text: `UPDATE consumer_positions SET next_offset = $4, updated_at = now()
         WHERE topic = $1 AND partition = $2 AND handler = ANY($3) AND next_offset < $4`,
};

const skip = {
  name: 'delivery_skip_to',
  // While a handler joins, nobody goes on without its lock: it would be told a place that is no longer true.
  text: `UPDATE consumer_positions SET next_offset = $4, updated_at = now()
         WHERE topic = $1 AND partition = $2 AND handler = ANY($3) AND next_offset BETWEEN $5 AND $4
           AND NOT EXISTS (SELECT FROM consumer_positions WHERE topic = $1 AND partition = $2 AND handler = ANY($3) AND live_at IS NULL)`,
};

/** Next offsets, by handler. */
export type Positions = Map<string, number>;
export type PositionRows = ReadonlyMap<string, Position>;

/** Locks the rows of all subscriptions until commit, and makes those that are missing. Call it after the key locks. */
export async function lockPositions(tx: Transaction, at: PartitionOf, subscriptions: readonly Subscription[], fetched: Fetched): Promise<PositionRows> {
  const positions = await readLocked(tx, at, subscriptions);
  const missing = subscriptions.filter(({ id }) => !positions.has(id));
  if (missing.length === 0) return positions;
  await tx.query(insert, [
    at.topic,
    at.partition,
    missing.map(({ id }) => id),
    missing.map(({ handler: { from } }) => startText(from)),
    missing.map(({ handler: { from } }) => (from === 'latest' ? fetched.from : fetched.logStart)),
    fetched.highWatermark,
  ]);
  return readLocked(tx, at, subscriptions);
}

/** What a handler asked for, as its row keeps it. */
export function startText(from: HandlerDefinition['from']): string {
  return typeof from === 'string' ? from : from.timestamp.toISOString();
}

interface PositionRow {
  readonly handler: string;
  readonly next_offset: string;
  readonly join_at: string | null;
  readonly live_at: string | null;
}

async function readLocked(tx: Transaction, at: PartitionOf, subscriptions: readonly Subscription[]): Promise<PositionRows> {
  const { rows } = await tx.query<PositionRow>(lock, [at.topic, at.partition, subscriptions.map(({ id }) => id)]);
  const offset = (text: string | null): number | null => (text === null ? null : Number(text));
  return new Map(rows.map((row) => [row.handler, { next: Number(row.next_offset), joinAt: offset(row.join_at), liveAt: offset(row.live_at) }]));
}

/** From where on events of each partition come to a handler as they happen; null while another group feeds it. */
export async function readLiveAt(db: Queryable, at: { handler: string; topic: string }): Promise<Map<number, number | null>> {
  const { rows } = await db.query<{ partition: number; live_at: string | null }>('SELECT partition, live_at FROM consumer_positions WHERE handler = $1 AND topic = $2', [at.handler, at.topic]);
  return new Map(rows.map(({ partition, live_at }) => [partition, live_at === null ? null : Number(live_at)]));
}

/** Never backwards. */
export async function advancePositions(tx: Transaction, at: PartitionOf, ids: readonly string[], nextOffset: number): Promise<void> {
  if (ids.length > 0) await tx.query(advance, [at.topic, at.partition, ids, nextOffset]);
}

/**
 * Passes over a stretch that concerns nobody, in one statement. False, and nothing done for that
 * handler, when one of them is new, lags behind the stretch or is past it.
 */
export async function skipStretch(db: Queryable, at: PartitionOf, ids: readonly string[], stretch: { from: number; next: number }): Promise<boolean> {
  const { rowCount } = await db.query(skip, [at.topic, at.partition, ids, stretch.next, stretch.from]);
  return rowCount === ids.length;
}

/** What stored positions say about a fetched stretch. `handler` is whose position decides. */
export type PositionVerdict =
  | { readonly kind: 'fits' }
  | { readonly kind: 'gap'; readonly offset: number; readonly handler: string }
  | { readonly kind: 'beyond_end'; readonly offset: number; readonly handler: string }
  /** The two groups that feed a joining handler wait for each other at this offset. */
  | { readonly kind: 'held'; readonly offset: number; readonly handler: string }
  /** The handler has gone live: the group that fed it has nothing more to do here. */
  | { readonly kind: 'finished'; readonly offset: number; readonly handler: string };

/**
 * A gap is only what lies between a position and the offset asked for: offsets that compaction or
 * markers took away lie after that offset and are no gap.
 */
export function verdictOn(positions: Positions, from: number, highWatermark: number): PositionVerdict {
  const inOrder = [...positions].sort(([, a], [, b]) => a - b);
  const [lowest, highest] = [inOrder[0], inOrder.at(-1)];
  if (lowest === undefined || highest === undefined) return { kind: 'fits' };
  if (highest[1] > highWatermark) return { kind: 'beyond_end', handler: highest[0], offset: highest[1] };
  if (lowest[1] < from) return { kind: 'gap', handler: lowest[0], offset: lowest[1] };
  return { kind: 'fits' };
}
