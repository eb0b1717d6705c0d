import type { Queryable, Transaction } from '@lifeos/postgres';
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
}

const lock = {
  name: 'delivery_lock_positions',
  text: `SELECT handler, next_offset FROM consumer_positions
         WHERE topic = $1 AND partition = $2 AND handler = ANY($3) ORDER BY handler FOR UPDATE`,
};

const insert = `INSERT INTO consumer_positions (handler, topic, partition, next_offset, start_from, start_offset)
  SELECT handler, $1, $2, start_offset, start_from, start_offset
  FROM unnest($3::text[], $4::text[], $5::bigint[]) AS fresh (handler, start_from, start_offset)
  ON CONFLICT DO NOTHING`;

const advance = {
  name: 'delivery_advance_positions',
  text: `UPDATE consumer_positions SET next_offset = $4, updated_at = now()
         WHERE topic = $1 AND partition = $2 AND handler = ANY($3) AND next_offset < $4`,
};

const skip = {
  name: 'delivery_skip_to',
  text: `UPDATE consumer_positions SET next_offset = $4, updated_at = now()
         WHERE topic = $1 AND partition = $2 AND handler = ANY($3) AND next_offset BETWEEN $5 AND $4`,
};

export type Positions = Map<string, number>;

/** Locks the rows of all subscriptions until commit, and makes those that are missing. Call it after the key locks. */
export async function lockPositions(tx: Transaction, at: PartitionOf, subscriptions: readonly Subscription[], fetched: Fetched): Promise<Positions> {
  const positions = await readLocked(tx, at, subscriptions);
  const missing = subscriptions.filter(({ id }) => !positions.has(id));
  if (missing.length === 0) return positions;
  await tx.query(insert, [
    at.topic,
    at.partition,
    missing.map(({ id }) => id),
    missing.map(({ handler: { from } }) => (typeof from === 'string' ? from : from.timestamp.toISOString())),
    missing.map(({ handler: { from } }) => (from === 'latest' ? fetched.from : fetched.logStart)),
  ]);
  return readLocked(tx, at, subscriptions);
}

async function readLocked(tx: Transaction, at: PartitionOf, subscriptions: readonly Subscription[]): Promise<Positions> {
  const { rows } = await tx.query<{ handler: string; next_offset: string }>(lock, [at.topic, at.partition, subscriptions.map(({ id }) => id)]);
  return new Map(rows.map(({ handler, next_offset }) => [handler, Number(next_offset)]));
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
  | { readonly kind: 'beyond_end'; readonly offset: number; readonly handler: string };

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
