import type { Queryable } from '@lifeos/postgres';
import { achievements } from '../achievement/built-in.js';
import { type AchievementDefinition, categories, tiers } from '../achievement/definitions.js';
import { loadPerson } from '../achievement/people.js';
import { isVisible } from '../achievement/rule-engine.js';

/** How many of a kind there are, and how many a person has. */
export interface Share {
  readonly total: number;
  readonly unlocked: number;
}

const monthsAtMost = 120;

/** Months are those of UTC; the hidden count only once they show. */
export async function statisticsOf(db: Queryable, userId: number, now: Date) {
  const [person, totals, per_month] = await Promise.all([loadPerson(db, userId), totalsOf(db, userId, now), monthsOf(db, userId)]);
  const visible = achievements.filter((achievement) => isVisible(achievement, person));
  const share = (fits: (achievement: AchievementDefinition) => boolean): Share => shareOf(visible.filter(fits), person.achievements);
  const { total, unlocked } = share(() => true);
  return {
    user_id: userId,
    total,
    unlocked,
    percentage: total === 0 ? 0 : Math.round((unlocked / total) * 10_000) / 100,
    by_tier: Object.fromEntries(tiers.map((tier) => [tier, share((achievement) => achievement.tier === tier)])),
    by_category: Object.fromEntries(categories.map((category) => [category, share((achievement) => achievement.category === category)])),
    last_30_days: totals.last_30_days,
    experience_from_achievements: totals.experience,
    per_month,
  };
}

function shareOf(definitions: readonly AchievementDefinition[], held: ReadonlyMap<number, number>): Share {
  return { total: definitions.length, unlocked: definitions.filter(({ achievement_id }) => held.has(achievement_id)).length };
}

async function totalsOf(db: Queryable, userId: number, now: Date) {
  const { rows } = await db.query<{ last_30_days: string; experience: string }>(
    `SELECT count(*) FILTER (WHERE unlocked_at > $2::timestamptz - interval '30 days' AND unlocked_at <= $2) AS last_30_days,
       coalesce(sum(experience_reward), 0) AS experience
     FROM unlocked_achievements WHERE user_id = $1`,
    [userId, now],
  );
  return { last_30_days: Number(rows[0]?.last_30_days ?? 0), experience: Number(rows[0]?.experience ?? 0) };
}

/** Newest first, months without an unlock left out. */
async function monthsOf(db: Queryable, userId: number) {
  const { rows } = await db.query<{ month: string; unlocked: string; experience: string }>(
    `SELECT to_char(unlocked_at AT TIME ZONE 'UTC', 'YYYY-MM') AS month, count(*) AS unlocked, sum(experience_reward) AS experience
     FROM unlocked_achievements WHERE user_id = $1 GROUP BY month ORDER BY month DESC LIMIT ${monthsAtMost}`,
    [userId],
  );
  return rows.map(({ month, unlocked, experience }) => ({ month, unlocked: Number(unlocked), experience: Number(experience) }));
}
