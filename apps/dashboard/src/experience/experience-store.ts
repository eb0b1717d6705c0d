import type { Queryable } from '@lifeos/postgres';

/** One award as the ledger keeps it. */
export interface LedgerEntry {
  readonly sourceEventId: string;
  readonly userId: number;
  readonly amount: number;
  readonly sourceType: 'quest' | 'habit' | 'habit_streak' | 'skill' | 'achievement';
  readonly sourceId: number;
  readonly reason: string;
  readonly at: Date;
}

/** A user's XP, 0 when nothing was ever booked. */
export async function totalOf(source: Queryable, userId: number): Promise<number> {
  return (await totalsOf(source, [userId])).get(userId) ?? 0;
}

export async function totalsOf(source: Queryable, userIds: readonly number[]): Promise<Map<number, number>> {
  const sql = 'SELECT user_id, total FROM experience WHERE user_id = ANY($1::bigint[])';
  const { rows } = await source.query<{ user_id: string; total: string }>(sql, [[...new Set(userIds)]]);
  return new Map(rows.map(({ user_id, total }) => [Number(user_id), Number(total)]));
}

/** D-2: writes the entries whose source event the ledger does not have, and returns these, in their order. */
export async function enterInLedger(tx: Queryable, entries: readonly LedgerEntry[]): Promise<LedgerEntry[]> {
  const sql = `INSERT INTO experience_ledger (source_event_id, user_id, amount, source_type, source_id, reason, booked_at)
    SELECT * FROM unnest($1::uuid[], $2::bigint[], $3::bigint[], $4::text[], $5::bigint[], $6::text[], $7::timestamptz[])
    ON CONFLICT (source_event_id) DO NOTHING RETURNING source_event_id`;
  const columns = [
    entries.map((entry) => entry.sourceEventId),
    entries.map((entry) => entry.userId),
    entries.map((entry) => entry.amount),
    entries.map((entry) => entry.sourceType),
    entries.map((entry) => entry.sourceId),
    entries.map((entry) => entry.reason),
    entries.map((entry) => entry.at),
  ];
  const { rows } = await tx.query<{ source_event_id: string }>(sql, columns);
  const entered = new Set(rows.map((row) => row.source_event_id));
  // An event twice in one call counts once, at its first place.
  return entries.filter(({ sourceEventId }) => entered.delete(sourceEventId.toLowerCase()));
}

export async function storeTotals(tx: Queryable, totals: ReadonlyMap<number, number>): Promise<void> {
  const sql = `INSERT INTO experience (user_id, total) SELECT * FROM unnest($1::bigint[], $2::bigint[])
    ON CONFLICT (user_id) DO UPDATE SET total = excluded.total`;
  await tx.query(sql, [[...totals.keys()], [...totals.values()]]);
}
