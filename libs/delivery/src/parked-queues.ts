import type { Queryable } from '@lifeos/postgres';

const read = {
  name: 'delivery_parked_queues',
  text: `SELECT handler, key FROM dead_letters
         WHERE NOT is_follower AND topic = $1 AND key = ANY ($2) AND handler = ANY ($3)`,
};

/** Keys by handler whose events must wait, because one before them is parked. */
export type ParkedQueues = ReadonlyMap<string, ReadonlySet<string>>;

/** One look at an index that holds a row a parked queue. Call it under the locks of these keys. */
export async function readParkedQueues(db: Queryable, topic: string, of: { handlers: readonly string[]; keys: readonly string[] }): Promise<ParkedQueues> {
  const parked = new Map<string, Set<string>>();
  if (of.keys.length === 0) return parked;
  const { rows } = await db.query<{ handler: string; key: string }>(read, [topic, of.keys, of.handlers]);
  for (const { handler, key } of rows) parked.set(handler, (parked.get(handler) ?? new Set()).add(key));
  return parked;
}
