import type { AchievementDefinition } from './definitions.js';
import { counterOf, type Progress, progressOf } from './progress.js';
import { builtInRules, type Held, isOpen, isVisible, type Rules, timesOf } from './rule-engine.js';
import { masteryNamed, type UserContext } from './user-context.js';

/** What an achievement is to a person: a later tier becomes a challenge when the one before it is unlocked. */
export type Standing = 'unlocked' | 'challenge' | 'later';

export function standingOf(achievement: AchievementDefinition, held: Pick<Held, 'achievements'>): Standing {
  if (!isOpen(achievement, held)) return 'unlocked';
  return achievement.follows === null || held.achievements.has(achievement.follows) ? 'challenge' : 'later';
}

const closeFrom = 80;

/** */
export const isClose = ({ percentage }: Progress): boolean => percentage >= closeFrom;

const suggestedFrom = 70;
const suggestedAtMost = 5;

/** What to go for next: at least 70 % done, not yet due, best first, five. */
export function suggestions(context: UserContext, held: Held, rules: Rules = builtInRules): Progress[] {
  return openProgress(context, held, rules)
    .filter(({ percentage }) => percentage >= suggestedFrom && percentage < 100)
    .sort((a, b) => b.percentage - a.percentage)
    .slice(0, suggestedAtMost);
}

/** How far everything is that a person sees and can still unlock. */
export function openProgress(context: UserContext, held: Held, rules: Rules = builtInRules): Progress[] {
  return rules.achievements
    .filter((achievement) => isOpen(achievement, held) && isVisible(achievement, held))
    .map((achievement) => progressOf(achievement, context, timesOf(achievement, held)));
}

/** What is still missing, a sentence a requirement. */
export function missingOf({ achievement, times }: Progress, context: UserContext): string[] {
  const haveOf = counterOf(achievement, context, times);
  return achievement.requirements.flatMap((requirement) => {
    const have = haveOf(requirement);
    const { measure, atLeast } = requirement;
    return have >= atLeast ? [] : [wordings[measure]({ have, atLeast, missing: atLeast - have })];
  });
}

interface Gap {
  readonly have: number;
  readonly atLeast: number;
  readonly missing: number;
}

type Wording = (gap: Gap) => string;

const more =
  (before: string, one: string, many: string, after = ''): Wording =>
  ({ missing }) =>
    `${before} ${missing} more ${missing === 1 ? one : many}${after}.`;

const reach =
  (what: string): Wording =>
  ({ have, atLeast }) =>
    `${what} ${atLeast}; it is ${have} now.`;

const wordings: Readonly<Record<keyof UserContext, Wording>> = {
  registrations: () => 'Finish the sign-up.',
  level: reach('Reach level'),
  total_experience: more('Earn', 'XP', 'XP'),
  quests_completed: more('Complete', 'quest', 'quests'),
  quest_chains: more('Go on in a chain of quests', 'time', 'times'),
  longest_streak: ({ have, atLeast }) => `Keep a habit ${atLeast} times in a row; the longest run is ${have} so far.`,
  early_completions: more('Complete a habit before 08:00 UTC', 'time', 'times'),
  highest_stat: reach('Bring a core stat to'),
  stat_milestones: more('Reach', 'milestone', 'milestones', ' of a stat'),
  practice_sessions: more('Practise a skill', 'time', 'times'),
  practice_minutes: more('Practise', 'minute', 'minutes'),
  highest_skill_level: reach('Bring a skill to level'),
  highest_mastery: ({ atLeast }) => `Bring a skill to the mastery of ${masteryNamed(atLeast)}.`,
  journal_entries: more('Write', 'journal entry', 'journal entries'),
  integrations: more('Connect', 'app', 'apps'),
  savings_goals_reached: () => 'Reach the target of your savings.',
};
