import type { Queryable } from '@lifeos/postgres';
import { achievements, titles } from '../achievement/built-in.js';
import { isClose, missingOf, openProgress, suggestions } from '../achievement/goals.js';
import { loadPerson } from '../achievement/people.js';
import type { Progress } from '../achievement/progress.js';
import type { UserContext } from '../achievement/user-context.js';

/** Progress as R-16 answers it. */
export interface ShownProgress {
  readonly achievement_id: number;
  readonly name: string;
  readonly current_progress: number;
  readonly required_progress: number;
  readonly progress_percentage: number;
  /** 80 % and more. */
  readonly close: boolean;
  /** A sentence a requirement that does not hold yet. */
  readonly missing: readonly string[];
}

/** What a person has been given so far, and how far the rest is. */
export async function earnedBy(db: Queryable, userId: number) {
  const [earned, heldTitles, badges, person] = await Promise.all([
    unlockedBy(db, userId),
    titlesOf(db, userId),
    badgesOf(db, userId),
    loadPerson(db, userId),
  ]);
  const progress = openProgress(person.context, person).map((open) => shownProgress(open, person.context));
  return { user_id: userId, earned, titles: heldTitles, badges, progress };
}

/** What a person is near to. */
export async function nextGoalsOf(db: Queryable, userId: number): Promise<ShownProgress[]> {
  const person = await loadPerson(db, userId);
  return suggestions(person.context, person).map((goal) => shownProgress(goal, person.context));
}

/** One entry an achievement, also of one that was unlocked several times. */
async function unlockedBy(db: Queryable, userId: number) {
  const { rows } = await db.query<{ achievement_id: number; times: number; experience_reward: string; unlocked_at: Date }>(
    `SELECT achievement_id, max(unlock_number) AS times, sum(experience_reward) AS experience_reward, min(unlocked_at) AS unlocked_at
     FROM unlocked_achievements WHERE user_id = $1 GROUP BY achievement_id ORDER BY min(unlocked_at), achievement_id`,
    [userId],
  );
  const byId = new Map(achievements.map((achievement) => [achievement.achievement_id, achievement]));
  return rows.map(({ achievement_id, times, experience_reward, unlocked_at }) => {
    const { name = '', description = '', icon = '', category = '', tier = '' } = byId.get(achievement_id) ?? {};
    return { achievement_id, name, description, icon, category, tier, experience_reward: Number(experience_reward), times, unlocked_at };
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

function shownProgress(progress: Progress, context: UserContext): ShownProgress {
  const { achievement, current, required, percentage } = progress;
  const { achievement_id, name } = achievement;
  const numbers = { current_progress: current, required_progress: required, progress_percentage: percentage };
  return { achievement_id, name, ...numbers, close: isClose(progress), missing: missingOf(progress, context) };
}
