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

export type IdSequence = 'prompt_ids' | 'entry_ids' | 'pattern_ids' | 'insight_ids';

/** New ids, rising. Under a key lock: drawing one takes the transaction's id. */
export async function drawIds(tx: Queryable, sequence: IdSequence, count: number): Promise<number[]> {
  if (count === 0) return [];
  const { rows } = await tx.query<{ id: string }>('SELECT nextval($1) AS id FROM generate_series(1, $2)', [sequence, count]);
  return rows.map(({ id }) => Number(id));
}

/** Ids that were given are not given again. Forward only: in everyday running the sequence is ahead, and others draw from it. */
export async function reserveIds(tx: Queryable, sequence: IdSequence, given: readonly number[]): Promise<void> {
  const highest = given.reduce((one, other) => Math.max(one, other), 0);
  if (highest < 1) return;
  await tx.query(`SELECT setval('${sequence}', $1) FROM ${sequence} WHERE last_value < $1 OR NOT is_called`, [highest]);
}
