import type { Queryable } from '@lifeos/postgres';
import type { LifeSource, LifeStat, LifeStatName } from './life-stats.js';

/** One life stat of one person, as a row. */
export interface LifeStatRow {
  readonly userId: number;
  readonly name: LifeStatName;
  readonly stat: LifeStat;
}

interface Stored {
  readonly user_id: string;
  readonly stat_name: LifeStatName;
  readonly value: string;
  readonly target: number | null;
  readonly unit: string;
  readonly source: LifeSource;
  readonly updated_at: Date;
  readonly set_at: Date | null;
}

/** Every life stat kept of these people. */
export async function loadLifeStats(db: Queryable, userIds: readonly number[]): Promise<LifeStatRow[]> {
  const { rows } = await db.query<Stored>(
    'SELECT user_id, stat_name, value, target, unit, source, updated_at, set_at FROM life_stats WHERE user_id = ANY ($1::bigint[])',
    [userIds],
  );
  return rows.map(({ user_id, stat_name, value, updated_at, set_at, ...rest }) => ({
    userId: Number(user_id),
    name: stat_name,
    stat: { ...rest, value: Number(value), updatedAt: updated_at, setAt: set_at },
  }));
}

/** Writes the stats as they are now; each at most once. */
export async function saveLifeStats(tx: Queryable, rows: readonly LifeStatRow[]): Promise<void> {
  if (rows.length === 0) return;
  await tx.query(
    `INSERT INTO life_stats (user_id, stat_name, value, target, unit, source, updated_at, set_at)
     SELECT * FROM unnest($1::bigint[], $2::text[], $3::numeric[], $4::float8[], $5::text[], $6::text[], $7::timestamptz[], $8::timestamptz[])
     ON CONFLICT (user_id, stat_name) DO UPDATE
     SET (value, target, unit, source, updated_at, set_at)
       = (excluded.value, excluded.target, excluded.unit, excluded.source, excluded.updated_at, excluded.set_at)`,
    [
      rows.map((row) => row.userId),
      rows.map((row) => row.name),
      rows.map((row) => row.stat.value),
      rows.map((row) => row.stat.target),
      rows.map((row) => row.stat.unit),
      rows.map((row) => row.stat.source),
      rows.map((row) => row.stat.updatedAt),
      rows.map((row) => row.stat.setAt),
    ],
  );
}
