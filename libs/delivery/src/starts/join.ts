import type { Queryable, Transaction } from '@lifeos/postgres';
import type { PartitionOf } from '../positions.js';

/** So near to its group a handler's history ends: the group then waits for what is left, well below a second. */
const nearEnough = 5_000;

/** Call it under the locks of their rows. */
export async function goLive(tx: Transaction, at: PartitionOf, handlers: readonly string[]): Promise<void> {
  if (handlers.length === 0) return;
  await tx.query(`UPDATE consumer_positions SET live_at = next_offset, join_at = NULL, updated_at = now() WHERE topic = $1 AND partition = $2 AND handler = ANY($3)`, [at.topic, at.partition, handlers]);
}

/** Lets the service's group wait for these handlers where it stands. Call it under the locks of their rows. */
export async function waitWhereGroupIs(tx: Transaction, at: PartitionOf, of: { handlers: readonly string[]; group: readonly string[] }): Promise<void> {
  if (of.handlers.length === 0) return;
  await tx.query(
    `UPDATE consumer_positions c SET join_at = g.next_offset
     FROM (SELECT max(next_offset) AS next_offset FROM consumer_positions
           WHERE topic = $1 AND partition = $2 AND handler = ANY($4) AND live_at IS NOT NULL) g
     WHERE c.topic = $1 AND c.partition = $2 AND c.handler = ANY($3) AND c.live_at IS NULL
       AND g.next_offset - c.next_offset BETWEEN 1 AND $5 AND c.join_at IS DISTINCT FROM g.next_offset`,
    [at.topic, at.partition, of.handlers, of.group, nearEnough],
  );
}

/** The group goes on without them; they try again when their history is read further. */
export async function stopWaiting(db: Queryable, at: PartitionOf): Promise<void> {
  await db.query('UPDATE consumer_positions SET join_at = NULL WHERE topic = $1 AND partition = $2 AND join_at IS NOT NULL', [at.topic, at.partition]);
}
