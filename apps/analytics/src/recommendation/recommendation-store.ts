import type { Queryable } from '@lifeos/postgres';
import { validForMs } from './recommend.js';

/** A recommendation as it is told and answered. */
export interface RecommendationView {
  readonly recommendation_id: number;
  readonly recommendation_type: string;
  readonly action: string;
  readonly priority: string;
  readonly expected_impact: string;
  readonly expiry_timestamp: Date;
}

export interface RecommendationRow extends RecommendationView {
  readonly eventId: string;
  readonly userId: number;
  readonly at: Date;
}

/** What is known already stays as it is. */
export async function saveRecommendations(tx: Queryable, rows: readonly RecommendationRow[]): Promise<void> {
  if (rows.length === 0) return;
  await tx.query(
    `INSERT INTO recommendations (event_id, user_id, recommendation_id, recommendation_type, action, priority, expected_impact, created_at, expires_at)
     SELECT * FROM unnest($1::uuid[], $2::bigint[], $3::bigint[], $4::text[], $5::text[], $6::text[], $7::text[], $8::timestamptz[], $9::timestamptz[])
     ON CONFLICT DO NOTHING`,
    [
      rows.map(({ eventId }) => eventId),
      rows.map(({ userId }) => userId),
      rows.map(({ recommendation_id }) => recommendation_id),
      rows.map(({ recommendation_type }) => recommendation_type),
      rows.map(({ action }) => action),
      rows.map(({ priority }) => priority),
      rows.map(({ expected_impact }) => expected_impact),
      rows.map(({ at }) => at),
      rows.map(({ expiry_timestamp }) => expiry_timestamp),
    ],
  );
}

/** What was recommended to somebody, and when. */
export interface Recommended {
  readonly userId: number;
  readonly action: string;
  readonly at: Date;
}

/** What was recommended less than 7 days from any of these moments. */
export async function recommendedAround(db: Queryable, moments: readonly { readonly userId: number; readonly at: Date }[]): Promise<Recommended[]> {
  const { rows } = await db.query<{ user_id: string; action: string; at: Date }>(
    `SELECT DISTINCT told.user_id, told.action, told.created_at AS at FROM unnest($1::bigint[], $2::timestamptz[], $3::timestamptz[]) AS around (user_id, from_at, to_at)
     JOIN recommendations told ON told.user_id = around.user_id AND told.created_at > around.from_at AND told.created_at < around.to_at`,
    [
      moments.map(({ userId }) => userId),
      moments.map(({ at }) => new Date(at.getTime() - validForMs)),
      moments.map(({ at }) => new Date(at.getTime() + validForMs)),
    ],
  );
  return rows.map(({ user_id, action, at }) => ({ userId: Number(user_id), action, at }));
}

/** What has not expired, the newest first. */
export async function currentRecommendations(db: Queryable, userId: number, { now, limit }: { now: Date; limit: number }): Promise<RecommendationView[]> {
  const { rows } = await db.query<RecommendationView & { recommendation_id: string }>(
    `SELECT recommendation_id, recommendation_type, action, priority, expected_impact, expires_at AS expiry_timestamp
     FROM recommendations WHERE user_id = $1 AND expires_at > $2 ORDER BY created_at DESC, recommendation_id LIMIT $3`,
    [userId, now, limit],
  );
  return rows.map((row) => ({ ...row, recommendation_id: Number(row.recommendation_id) }));
}
