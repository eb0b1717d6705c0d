import type { Queryable } from '@lifeos/postgres';
import { type CoreStat, type CoreStatName, coreStatNames, initialCoreStat } from './core-stats.js';

/** One stat of one person, as a row. */
export interface StatRow {
  readonly userId: number;
  readonly name: CoreStatName;
  readonly stat: CoreStat;
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
  const { rows } = await db.query<{ user_id: string; stat_name: CoreStatName; value: number; experience: string; told_points: number }>(
    'SELECT user_id, stat_name, value, experience, told_points FROM core_stats WHERE user_id = ANY ($1::bigint[])',
    [userIds],
  );
  return rows.map((row) => ({
    userId: Number(row.user_id),
    name: row.stat_name,
    stat: { value: row.value, experience: Number(row.experience), told: row.told_points },
  }));
}

/** Writes the stats as they are now. */
export async function saveStats(tx: Queryable, rows: readonly StatRow[]): Promise<void> {
  await tx.query(
    `INSERT INTO core_stats (user_id, stat_name, value, experience, told_points)
     SELECT * FROM unnest($1::bigint[], $2::text[], $3::int[], $4::bigint[], $5::int[])
     ON CONFLICT (user_id, stat_name) DO UPDATE
     SET (value, experience, told_points) = (excluded.value, excluded.experience, excluded.told_points)`,
    [
      rows.map((row) => row.userId),
      rows.map((row) => row.name),
      rows.map((row) => row.stat.value),
      rows.map((row) => row.stat.experience),
      rows.map((row) => row.stat.told),
    ],
  );
}
