import { type AchievementDefinition, checked, type RuledBadge, type Tier, type TitleDefinition } from './definitions.js';
import type { UserContext } from './user-context.js';

type Line = Pick<AchievementDefinition, 'category' | 'icon'> & { measure: keyof UserContext };
type Step = [id: number, name: string, description: string, tier: Tier, base: number, atLeast: number];

/** One measure, its tiers in order: each follows the one before it. */
const line = ({ measure, ...shared }: Line, ...steps: Step[]): AchievementDefinition[] =>
  steps.map(([achievement_id, name, description, tier, base_experience, atLeast], place) => ({
    achievement_id,
    name,
    description,
    tier,
    base_experience,
    requirements: [{ measure, atLeast }],
    hidden: false,
    repeatable: false,
    follows: steps[place - 1]?.[0] ?? null,
    ...shared,
  }));

/** Every achievement there is, each line in the order of its tiers. */
export const achievements: readonly AchievementDefinition[] = checked([
  ...line(
    { measure: 'quests_completed', category: 'quest_completion', icon: 'flag' },
    [1, 'First Quest', 'Complete your first quest.', 'bronze', 100, 1],
    [2, 'Quest Seeker', 'Complete 10 quests.', 'silver', 250, 10],
    [3, 'Quest Veteran', 'Complete 50 quests.', 'gold', 500, 50],
    [4, 'Quest Hero', 'Complete 100 quests.', 'platinum', 1000, 100],
  ),
  ...line(
    { measure: 'level', category: 'progression', icon: 'arrow-up' },
    [5, 'Rising', 'Reach level 5.', 'bronze', 100, 5],
    [6, 'Seasoned', 'Reach level 10.', 'silver', 250, 10],
    [7, 'Accomplished', 'Reach level 25.', 'gold', 500, 25],
  ),
  ...line(
    { measure: 'longest_streak', category: 'streak', icon: 'flame' },
    [8, 'Streak Warrior', 'Keep a habit 21 times in a row.', 'silver', 200, 21],
    [9, 'Streak Master', 'Keep a habit 30 times in a row.', 'gold', 400, 30],
  ),
  ...line(
    { measure: 'journal_entries', category: 'exploration', icon: 'book' },
    [10, 'Diarist', 'Write 10 journal entries.', 'bronze', 50, 10],
  ),
  ...line(
    { measure: 'integrations', category: 'exploration', icon: 'plug' },
    [11, 'Connected', 'Connect your first app.', 'bronze', 50, 1],
  ),
  ...line(
    { measure: 'highest_skill_level', category: 'skill_mastery', icon: 'wrench' },
    [12, 'Skilled', 'Bring a skill to level 25.', 'silver', 200, 25],
    [13, 'Virtuoso', 'Bring a skill to level 50.', 'gold', 500, 50],
  ),
  ...line(
    { measure: 'highest_stat', category: 'milestone', icon: 'chart' },
    [14, 'Well Trained', 'Bring a core stat to 50.', 'silver', 200, 50],
  ),
]);

/** Every title there is. */
export const titles: readonly TitleDefinition[] = [
  { title_id: 1, name: 'Beginner', requirements: [{ measure: 'registrations', atLeast: 1 }], unlock_conditions: { level: 1 } },
  { title_id: 2, name: 'Adventurer', requirements: [{ measure: 'level', atLeast: 10 }], unlock_conditions: { level: 10 } },
  { title_id: 3, name: 'Legend', requirements: [{ measure: 'level', atLeast: 50 }], unlock_conditions: { level: 50 } },
  { title_id: 4, name: 'Habit Master', requirements: [{ measure: 'longest_streak', atLeast: 100 }], unlock_conditions: { streak: 100 } },
];

/** The badges beside those of the tiers. */
export const badges: readonly RuledBadge[] = [
  { badge_id: 1, name: 'Early Bird', category: 'habits', requirements: [{ measure: 'early_completions', atLeast: 7 }] },
  { badge_id: 2, name: 'WealthAchievement', category: 'wealth', requirements: [{ measure: 'savings_goals_reached', atLeast: 1 }] },
];
