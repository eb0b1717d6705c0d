import type { Queryable } from '@lifeos/postgres';

/** A recommendation as it was told, and as the API answers it. */
export interface RecommendationView {
  readonly recommended_skill_ids: number[];
  readonly recommended_skill_names: string[];
  readonly recommendation_reason: string;
  readonly confidence_score: number;
}

export async function saveRecommendation(tx: Queryable, userId: number, recommendation: RecommendationView, at: Date): Promise<void> {
  const { recommended_skill_ids: ids, recommended_skill_names: names, recommendation_reason: reason, confidence_score: confidence } = recommendation;
  await tx.query(
    `INSERT INTO recommendations (user_id, skill_ids, skill_names, reason, confidence, recommended_at) VALUES ($1, $2, $3, $4, $5, $6)
     ON CONFLICT (user_id) DO UPDATE SET (skill_ids, skill_names, reason, confidence, recommended_at)
       = (excluded.skill_ids, excluded.skill_names, excluded.reason, excluded.confidence, excluded.recommended_at)`,
    [userId, ids, names, reason, confidence, at],
  );
}

/** Null when nothing was ever recommended. */
export async function lastRecommended(db: Queryable, userId: number): Promise<RecommendationView | null> {
  const { rows } = await db.query<{ skill_ids: string[]; skill_names: string[]; reason: string; confidence: number }>(
    'SELECT skill_ids, skill_names, reason, confidence FROM recommendations WHERE user_id = $1',
    [userId],
  );
  const [row] = rows;
  return row
    ? { recommended_skill_ids: row.skill_ids.map(Number), recommended_skill_names: row.skill_names, recommendation_reason: row.reason, confidence_score: row.confidence }
    : null;
}

export async function dropRecommendations(tx: Queryable, userIds: readonly number[]): Promise<void> {
  if (userIds.length > 0) await tx.query('DELETE FROM recommendations WHERE user_id = ANY ($1::bigint[])', [userIds]);
}
