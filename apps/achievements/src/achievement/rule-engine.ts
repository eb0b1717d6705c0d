import {
  type AchievementDefinition,
  achievements as builtIn,
  type BadgeDefinition,
  type Requirement,
  tierBadgeOf,
  type TitleDefinition,
  titles as builtInTitles,
} from './definitions.js';
import type { UserContext } from './user-context.js';

/** What a person has already: neither is given twice. */
export interface Held {
  readonly achievements: ReadonlySet<number>;
  readonly titles: ReadonlySet<number>;
}

/** How far an unfinished achievement is. */
export interface Progress {
  readonly achievement: AchievementDefinition;
  /** Of the requirement furthest from done; at most `required`. */
  readonly current: number;
  readonly required: number;
  /** Mean over the requirements, 0 … 100, two places; 100 only when all hold. */
  readonly percentage: number;
}

export interface Recognition {
  readonly unlocked: readonly AchievementDefinition[];
  readonly badges: readonly BadgeDefinition[];
  readonly titles: readonly TitleDefinition[];
  readonly progressed: readonly Progress[];
}

/** The rules to judge by; the built-in ones unless a test brings its own. */
export interface Rules {
  readonly achievements: readonly AchievementDefinition[];
  readonly titles: readonly TitleDefinition[];
}

const builtInRules: Rules = { achievements: builtIn, titles: builtInTitles };

/**
 * Judges every rule after the context grew. Progress is told only when it changed and the
 * achievement is not due yet.
 */
export function recognise(before: UserContext, after: UserContext, held: Held, rules: Rules = builtInRules): Recognition {
  const open = rules.achievements.filter((achievement) => !held.achievements.has(achievement.achievement_id));
  const unlocked = open.filter(({ requirements }) => holdsAll(requirements, after));
  return {
    unlocked,
    badges: unlocked.map(tierBadgeOf).filter((badge) => badge !== null),
    titles: rules.titles.filter((title) => !held.titles.has(title.title_id) && holdsAll(title.requirements, after)),
    progressed: open
      .filter((achievement) => !unlocked.includes(achievement))
      .map((achievement) => progressOf(achievement, after))
      .filter((now) => !same(now, progressOf(now.achievement, before))),
  };
}

export function progressOf(achievement: AchievementDefinition, context: UserContext): Progress {
  const { requirements } = achievement;
  const furthest = requirements.reduce((worst, next) => (share(next, context) < share(worst, context) ? next : worst));
  return {
    achievement,
    current: Math.min(context[furthest.measure], furthest.atLeast),
    required: furthest.atLeast,
    percentage: percentageOf(requirements, context),
  };
}

/** What to go for next: at least 70 % done, not yet unlocked, best first, five. */
export function suggestions(context: UserContext, held: Held, rules: Rules = builtInRules): Progress[] {
  return rules.achievements
    .filter(({ achievement_id, hidden }) => !hidden && !held.achievements.has(achievement_id))
    .map((achievement) => progressOf(achievement, context))
    .filter(({ percentage }) => percentage >= 70 && percentage < 100)
    .sort((a, b) => b.percentage - a.percentage)
    .slice(0, 5);
}

const share = ({ measure, atLeast }: Requirement, context: UserContext): number => Math.min(1, context[measure] / atLeast);

const holdsAll = (requirements: readonly Requirement[], context: UserContext): boolean =>
  requirements.every(({ measure, atLeast }) => context[measure] >= atLeast);

function percentageOf(requirements: readonly Requirement[], context: UserContext): number {
  if (holdsAll(requirements, context)) return 100;
  const sum = requirements.reduce((total, requirement) => total + share(requirement, context), 0);
  // Rounding must not say 100 of what is still open.
  return Math.min(99.99, Math.round((sum / requirements.length) * 10_000) / 100);
}

const same = (a: Progress, b: Progress): boolean =>
  a.current === b.current && a.required === b.required && a.percentage === b.percentage;
