import type { Queryable } from '@lifeos/postgres';
import type { StatName } from './daily-values.js';
import type { TrendType } from './trend.js';

/** A trend that was found and told. */
export interface DetectedTrend {
  readonly user_id: number;
  readonly stat_name: StatName;
  /** Last day of its window. */
  readonly day: string;
  readonly duration_days: number;
  readonly trend_type: TrendType;
  readonly confidence_score: number;
}

/** One of a stat, day and window that is there already stays. */
export async function saveTrends(tx: Queryable, trends: readonly DetectedTrend[]): Promise<void> {
  if (trends.length === 0) return;
  await tx.query(
    `INSERT INTO trends (user_id, stat_name, day, duration_days, trend_type, confidence_score)
     SELECT * FROM unnest($1::bigint[], $2::text[], $3::date[], $4::int[], $5::text[], $6::float8[]) ON CONFLICT DO NOTHING`,
    [
      trends.map((trend) => trend.user_id),
      trends.map((trend) => trend.stat_name),
      trends.map((trend) => trend.day),
      trends.map((trend) => trend.duration_days),
      trends.map((trend) => trend.trend_type),
      trends.map((trend) => trend.confidence_score),
    ],
  );
}

/** More are not shown: both windows of all stats for a month. */
const mostShown = 1_100;

/** What was found since a day, newest first. */
export async function trendsSince(db: Queryable, userId: number, firstDay: string): Promise<DetectedTrend[]> {
  const { rows } = await db.query<Omit<DetectedTrend, 'user_id'>>(
    `SELECT stat_name, day::text, duration_days, trend_type, confidence_score FROM trends
     WHERE user_id = $1 AND trends.day >= $2 ORDER BY trends.day DESC, stat_name, duration_days LIMIT ${mostShown}`,
    [userId, firstDay],
  );
  return rows.map((row) => ({ user_id: userId, ...row }));
}

export async function dropTrends(tx: Queryable, userIds: readonly number[]): Promise<void> {
  await tx.query('DELETE FROM trends WHERE user_id = ANY ($1::bigint[])', [userIds]);
}
