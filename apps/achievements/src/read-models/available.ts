import type { Queryable } from '@lifeos/postgres';
import { achievements } from '../achievement/built-in.js';
import { type AchievementDefinition, rewardOf } from '../achievement/definitions.js';
import { standingOf } from '../achievement/goals.js';
import { loadPerson, type Person } from '../achievement/people.js';
import { isVisible } from '../achievement/rule-engine.js';
import { proposedGoalsOf } from '../savings/savings-store.js';
import { nextGoalsOf } from './earned.js';

/** Every achievement that a person may see, what it is to him, and what to go for next. */
export async function availableTo(db: Queryable, userId: number) {
  const [person, next_goals, proposed_goals] = await Promise.all([loadPerson(db, userId), nextGoalsOf(db, userId), proposedGoalsOf(db, userId)]);
  const visible = achievements.filter((achievement) => isVisible(achievement, person));
  return { achievements: visible.map((achievement) => shown(achievement, person)), next_goals, proposed_goals };
}

function shown(achievement: AchievementDefinition, person: Person) {
  const { achievement_id, name, description, icon, category, tier, repeatable } = achievement;
  return {
    achievement_id,
    name,
    description,
    icon,
    category,
    tier,
    experience_reward: rewardOf(achievement),
    repeatable,
    requirements: achievement.requirements.map(({ measure, atLeast }) => ({ measure, at_least: atLeast })),
    standing: standingOf(achievement, person),
  };
}
