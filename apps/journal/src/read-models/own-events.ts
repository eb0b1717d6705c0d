import type { AnyEventType } from '@lifeos/contracts';
import type { Queryable } from '@lifeos/postgres';

/**
 * Those of these events that are in the log. A rebuilt service has put its own events back there before it
 * hears anything: what a cause raised in an earlier life is then told already, and its row comes from there.
 */
export async function toldAlready(tx: Queryable, eventIds: readonly string[]): Promise<ReadonlySet<string>> {
  if (eventIds.length === 0) return new Set();
  const { rows } = await tx.query<{ event_id: string }>('SELECT event_id FROM event_log WHERE event_id = ANY ($1::uuid[])', [eventIds]);
  return new Set(rows.map(({ event_id }) => event_id));
}

/**
 * By person, the time of the newest event of a type that a cause raised in an earlier life; people without one are
 * missing. What happened up to then was judged by the consents of its time, and is not judged again by today's.
 */
export async function judgedUntil(tx: Queryable, type: AnyEventType, userIds: readonly number[]): Promise<ReadonlyMap<number, Date>> {
  const { rows } = await tx.query<{ key: string; newest: Date }>(
    // Epoch 0 is what was put back; of a service that was never rebuilt there is none.
    `SELECT key, max(occurred_at) AS newest FROM event_log
     WHERE epoch = 0 AND type = $1 AND causation_id IS NOT NULL AND key = ANY ($2::text[]) GROUP BY key`,
    [type.recordName, userIds.map(String)],
  );
  return new Map(rows.map(({ key, newest }) => [Number(key), newest]));
}
