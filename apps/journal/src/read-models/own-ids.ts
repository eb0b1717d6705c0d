import { type AnyEventType, InsightGenerated, JournalEntryCreated, PatternDetected, ReflectionPromptSuggested } from '@lifeos/contracts';
import type { Queryable } from '@lifeos/postgres';

export type IdSequence = 'prompt_ids' | 'entry_ids' | 'pattern_ids' | 'insight_ids';

/** Where ids of an earlier life are found again. */
const toldBy: Readonly<Record<IdSequence, { type: AnyEventType; field: string }>> = {
  prompt_ids: { type: ReflectionPromptSuggested, field: 'prompt_id' },
  entry_ids: { type: JournalEntryCreated, field: 'entry_id' },
  pattern_ids: { type: PatternDetected, field: 'pattern_id' },
  insight_ids: { type: InsightGenerated, field: 'insight_id' },
};

/** New ids, rising. Under a key lock: drawing one takes the transaction's id. */
export async function drawIds(tx: Queryable, sequence: IdSequence, count: number): Promise<number[]> {
  if (count === 0) return [];
  if (await isUntouched(tx, sequence)) await passOverEarlierLife(tx, sequence);
  const { rows } = await tx.query<{ id: string }>('SELECT nextval($1) AS id FROM generate_series(1, $2)', [sequence, count]);
  return rows.map(({ id }) => Number(id));
}

/** Ids that were given are not given again. Forward only: in everyday running the sequence is ahead, and others draw from it. */
export async function reserveIds(tx: Queryable, sequence: IdSequence, given: readonly number[]): Promise<void> {
  const highest = given.reduce((one, other) => Math.max(one, other), 0);
  if (highest < 1) return;
  await tx.query(`SELECT setval('${sequence}', $1) FROM ${sequence} WHERE last_value < $1 OR NOT is_called`, [highest]);
}

async function isUntouched(tx: Queryable, sequence: IdSequence): Promise<boolean> {
  const { rowCount } = await tx.query(`SELECT FROM ${sequence} WHERE NOT is_called`);
  return rowCount === 1;
}

/**
 * Before the first id of a new database: the handlers that read our own events back may not have come as far yet, and
 * never hear of people without consent. Others wait meanwhile; sequences change at once, whatever becomes of the transaction.
 */
async function passOverEarlierLife(tx: Queryable, sequence: IdSequence): Promise<void> {
  await tx.query('SELECT pg_advisory_xact_lock(hashtext($1))', [`first of ${sequence}`]);
  if (await isUntouched(tx, sequence)) await reserveIds(tx, sequence, [await highestToldBefore(tx, toldBy[sequence])]);
}

const pageRows = 5_000;

async function highestToldBefore(tx: Queryable, { type, field }: { type: AnyEventType; field: string }): Promise<number> {
  let highest = 0;
  for (let after = { xid: '0', seq: '0' }, more = true; more; ) {
    const { rows } = await tx.query<{ xid: string; seq: string; version: string; payload: Buffer }>(
      'SELECT xid::text, seq, version, payload FROM event_log WHERE epoch = 0 AND type = $1 AND (xid, seq) > ($2::text::xid8, $3) ORDER BY event_log.xid, event_log.seq LIMIT $4',
      [type.recordName, after.xid, after.seq, pageRows],
    );
    highest = rows.reduce((one, { payload, version }) => Math.max(one, Number(Reflect.get(type.decode(payload, version), field))), highest);
    after = rows.at(-1) ?? after;
    more = rows.length === pageRows;
  }
  return highest;
}
