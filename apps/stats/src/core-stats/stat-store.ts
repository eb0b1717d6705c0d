import type { Queryable } from '@lifeos/postgres';
import { type CoreStat, type CoreStatName, coreStatNames, initialCoreStat, type ValueChange } from './core-stats.js';

/** One stat of one person, as a row. */
export interface StatRow {
  readonly userId: number;
  readonly name: CoreStatName;
  readonly stat: CoreStat;
}

/** One line of the history of core stats. */
export interface HistoryRow extends ValueChange {
  readonly userId: number;
  readonly name: CoreStatName;
  readonly reason: string;
  readonly at: Date;
}

/** Gives every person all six stats; those already there stay (S-1). */
export async function addMissingStats(tx: Queryable, userIds: readonly number[]): Promise<void> {
  await tx.query(
    `INSERT INTO core_stats (user_id, stat_name, value, experience)
     SELECT DISTINCT user_id, stat_name, $3::int, $4::bigint
     FROM unnest($1::bigint[]) AS person (user_id), unnest($2::text[]) AS stat (stat_name)
     ON CONFLICT DO NOTHING`,
    [userIds, coreStatNames, initialCoreStat.value, initialCoreStat.experience],
  );
}

/** Every stat kept of these people. */
export async function loadStats(db: Queryable, userIds: readonly number[]): Promise<StatRow[]> {
  const { rows } = await db.query<{ user_id: string; stat_name: CoreStatName; value: number; experience: string }>(
    'SELECT user_id, stat_name, value, experience FROM core_stats WHERE user_id = ANY ($1::bigint[])',
    [userIds],
  );
  return rows.map((row) => ({
    userId: Number(row.user_id),
    name: row.stat_name,
    stat: { value: row.value, experience: Number(row.experience) },
  }));
}

/** Writes the stats as they are now. */
export async function saveStats(tx: Queryable, rows: readonly StatRow[]): Promise<void> {
  await tx.query(
    `INSERT INTO core_stats (user_id, stat_name, value, experience)
     SELECT * FROM unnest($1::bigint[], $2::text[], $3::int[], $4::bigint[])
     ON CONFLICT (user_id, stat_name) DO UPDATE SET value = excluded.value, experience = excluded.experience`,
    [
      rows.map((row) => row.userId),
      rows.map((row) => row.name),
      rows.map((row) => row.stat.value),
      rows.map((row) => row.stat.experience),
    ],
  );
}

/** A line for each change (S-7); difference and per cent follow in the table. */
export async function writeHistory(tx: Queryable, changes: readonly HistoryRow[]): Promise<void> {
  if (changes.length === 0) return;
  await tx.query(
    `INSERT INTO stat_history (user_id, stat_type, stat_name, old_value, new_value, reason, recorded_at)
     SELECT user_id, 'core', stat_name, old_value, new_value, reason, recorded_at
     FROM unnest($1::bigint[], $2::text[], $3::int[], $4::int[], $5::text[], $6::timestamptz[])
       AS change (user_id, stat_name, old_value, new_value, reason, recorded_at)`,
    [
      changes.map((change) => change.userId),
      changes.map((change) => change.name),
      changes.map((change) => change.previous),
      changes.map((change) => change.next),
      changes.map((change) => change.reason),
      changes.map((change) => change.at),
    ],
  );
}
