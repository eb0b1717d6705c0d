import type { Queryable } from '@lifeos/postgres';

/** A trend as the API answers it. */
export interface TrendView {
  readonly stat_name: string;
  readonly trend_type: string;
  readonly confidence_score: number;
  readonly duration_days: number;
}

export interface TrendRow extends TrendView {
  readonly eventId: string;
  readonly userId: number;
  readonly at: Date;
}

export async function saveTrends(tx: Queryable, rows: readonly TrendRow[]): Promise<void> {
  await tx.query(
    `INSERT INTO trends (event_id, user_id, stat_name, trend_type, confidence_score, duration_days, detected_at)
     SELECT * FROM unnest($1::uuid[], $2::bigint[], $3::text[], $4::text[], $5::float8[], $6::int[], $7::timestamptz[]) ON CONFLICT DO NOTHING`,
    [
      rows.map(({ eventId }) => eventId),
      rows.map(({ userId }) => userId),
      rows.map((row) => row.stat_name),
      rows.map((row) => row.trend_type),
      rows.map((row) => row.confidence_score),
      rows.map((row) => row.duration_days),
      rows.map(({ at }) => at),
    ],
  );
}

/** The newest first. */
export async function trendsOf(db: Queryable, userId: number, { since, limit }: { since: Date; limit: number }): Promise<(TrendView & { detected_at: Date })[]> {
  const { rows } = await db.query<TrendView & { detected_at: Date }>(
    `SELECT stat_name, trend_type, confidence_score, duration_days, detected_at
     FROM trends WHERE user_id = $1 AND detected_at >= $2 ORDER BY detected_at DESC, event_id LIMIT $3`,
    [userId, since, limit],
  );
  return rows;
}
