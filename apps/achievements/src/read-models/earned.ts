import type { Queryable } from '@lifeos/postgres';
import { achievements, titles } from '../achievement/definitions.js';
import { loadPeople } from '../achievement/people.js';
import { type Progress, progressOf, suggestions } from '../achievement/rule-engine.js';
import { nothingHeard } from '../achievement/user-context.js';

/** Progress as R-16 answers it. */
export interface ShownProgress {
  readonly achievement_id: number;
  readonly name: string;
  readonly current_progress: number;
  readonly required_progress: number;
  readonly progress_percentage: number;
}

/** What a person has been given so far, and how far the rest is. */
export async function earnedBy(db: Queryable, userId: number) {
  const [earned, heldTitles, badges, person] = await Promise.all([
    unlockedBy(db, userId),
    titlesOf(db, userId),
    badgesOf(db, userId),
    personOf(db, userId),
  ]);
  const open = achievements.filter(({ achievement_id, hidden }) => !hidden && !person.achievements.has(achievement_id));
  const progress = open.map((achievement) => shown(progressOf(achievement, person.context)));
  return { user_id: userId, earned, titles: heldTitles, badges, progress };
}

/** What a person is near to. */
export async function nextGoalsOf(db: Queryable, userId: number): Promise<ShownProgress[]> {
  const person = await personOf(db, userId);
  return suggestions(person.context, person).map(shown);
}

async function personOf(db: Queryable, userId: number) {
  const people = await loadPeople(db, [userId]);
  return people.get(userId) ?? { context: nothingHeard, achievements: new Set<number>(), titles: new Set<number>() };
}

async function unlockedBy(db: Queryable, userId: number) {
  const { rows } = await db.query<{ achievement_id: number; experience_reward: string; unlocked_at: Date }>(
    `SELECT achievement_id, experience_reward, unlocked_at FROM unlocked_achievements
     WHERE user_id = $1 ORDER BY unlocked_at, achievement_id`,
    [userId],
  );
  const byId = new Map(achievements.map((achievement) => [achievement.achievement_id, achievement]));
  return rows.map(({ achievement_id, experience_reward, unlocked_at }) => {
    const { name = '', description = '', icon = '', category = '', tier = '' } = byId.get(achievement_id) ?? {};
    return { achievement_id, name, description, icon, category, tier, experience_reward: Number(experience_reward), unlocked_at };
  });
}

async function titlesOf(db: Queryable, userId: number) {
  const { rows } = await db.query<{ title_id: number; unlocked_at: Date }>(
    'SELECT title_id, unlocked_at FROM unlocked_titles WHERE user_id = $1 ORDER BY unlocked_at, title_id',
    [userId],
  );
  const names = new Map(titles.map(({ title_id, name }) => [title_id, name]));
  return rows.map(({ title_id, unlocked_at }) => ({ title_id, name: names.get(title_id) ?? '', unlocked_at }));
}

async function badgesOf(db: Queryable, userId: number) {
  const { rows } = await db.query<{ badge_id: number; name: string; category: string; earned_at: Date }>(
    `SELECT badge_id, badge_name AS name, badge_category AS category, earned_at FROM earned_badges
     WHERE user_id = $1 ORDER BY earned_at, badge_id`,
    [userId],
  );
  return rows;
}

function shown({ achievement, current, required, percentage }: Progress): ShownProgress {
  const { achievement_id, name } = achievement;
  return { achievement_id, name, current_progress: current, required_progress: required, progress_percentage: percentage };
}
