import type { EventOf } from '@lifeos/events';
import type { ExperienceAwarded } from '@lifeos/contracts';
import type { Queryable } from '@lifeos/postgres';

const highestTotal = 2_147_483_647;

/** Level = floor(XP / 1000) + 1 (S-6). */
export const levelWith = (experience: number): number => Math.floor(experience / 1000) + 1;

/** Adds what was awarded; sums, so that the order makes no difference. */
export async function addAwards(tx: Queryable, awards: readonly EventOf<typeof ExperienceAwarded>[]): Promise<void> {
  await tx.query(
    `INSERT INTO user_experience AS known (user_id, total_experience)
     SELECT user_id, least(sum(points), $3)
     FROM unnest($1::bigint[], $2::bigint[]) AS awarded (user_id, points)
     GROUP BY user_id
     ON CONFLICT (user_id) DO UPDATE
     SET total_experience = least(known.total_experience + excluded.total_experience, $3)`,
    [awards.map(({ payload }) => payload.user_id), awards.map(({ payload }) => payload.experience_points), highestTotal],
  );
}

/** Total XP as mirrored so far; 0 for a person of whom no award was heard. */
export async function totalExperienceOf(db: Queryable, userId: number): Promise<number> {
  const { rows } = await db.query<{ total_experience: string }>(
    'SELECT total_experience FROM user_experience WHERE user_id = $1',
    [userId],
  );
  return Number(rows[0]?.total_experience ?? 0);
}
