import { achievements as builtIn, badges as builtInBadges, titles as builtInTitles } from './built-in.js';
import { type AchievementDefinition, type BadgeDefinition, type Requirement, type RuledBadge, tierBadgeOf, type TitleDefinition } from './definitions.js';
import { type Progress, progressOf, sameProgress } from './progress.js';
import type { UserContext } from './user-context.js';

/** What a person has already: nothing is given twice. */
export interface Held {
  /** How often each was unlocked; more than once only a repeatable one. */
  readonly achievements: ReadonlyMap<number, number>;
  readonly titles: ReadonlySet<number>;
  readonly badges: ReadonlySet<number>;
}

/** One unlock: `time` counts from 1, and goes on only for a repeatable achievement. */
export interface Unlock {
  readonly achievement: AchievementDefinition;
  readonly time: number;
}

export interface Recognition {
  readonly unlocked: readonly Unlock[];
  readonly badges: readonly BadgeDefinition[];
  readonly titles: readonly TitleDefinition[];
  readonly progressed: readonly Progress[];
}

/** The rules to judge by; the built-in ones unless a test brings its own. */
export interface Rules {
  readonly achievements: readonly AchievementDefinition[];
  readonly titles: readonly TitleDefinition[];
  readonly badges: readonly RuledBadge[];
}

export const builtInRules: Rules = { achievements: builtIn, titles: builtInTitles, badges: builtInBadges };

export const nothingHeld: Held = { achievements: new Map(), titles: new Set(), badges: new Set() };

/**
 * Judges every rule after the context grew. Progress is told only of what the person may see,
 * when it changed and is not due yet.
 */
export function recognise(before: UserContext, after: UserContext, held: Held, rules: Rules = builtInRules): Recognition {
  const unlocked = rules.achievements.flatMap((achievement) => dueUnlocks(achievement, after, held));
  const titles = rules.titles.filter((title) => !held.titles.has(title.title_id) && holdsAll(title.requirements, after));
  const badges = dueBadges(unlocked, after, held, rules);
  const heldNow = holding(held, { unlocked, titles, badges });
  const progressed = rules.achievements
    .filter((achievement) => isOpen(achievement, heldNow) && isVisible(achievement, heldNow))
    .map((achievement) => ({ now: progressOf(achievement, after, timesOf(achievement, heldNow)), was: progressOf(achievement, before, timesOf(achievement, held)) }))
    .filter(({ now, was }) => !sameProgress(now, was));
  return { unlocked, badges, titles, progressed: progressed.map(({ now }) => now) };
}

/** What a person has after it was given. */
export function holding(held: Held, given: Pick<Recognition, 'unlocked' | 'titles' | 'badges'>): Held {
  return {
    achievements: new Map([...held.achievements, ...given.unlocked.map(({ achievement, time }) => [achievement.achievement_id, time] as const)]),
    titles: new Set([...held.titles, ...given.titles.map(({ title_id }) => title_id)]),
    badges: new Set([...held.badges, ...given.badges.map(({ badge_id }) => badge_id)]),
  };
}

export const timesOf = ({ achievement_id }: AchievementDefinition, { achievements }: Pick<Held, 'achievements'>): number =>
  achievements.get(achievement_id) ?? 0;

/** Whether it can still be unlocked. */
export const isOpen = (achievement: AchievementDefinition, held: Pick<Held, 'achievements'>): boolean =>
  achievement.repeatable || timesOf(achievement, held) === 0;

/** Hidden ones show only after they were unlocked, or once the tier before them was. */
export function isVisible(achievement: AchievementDefinition, held: Pick<Held, 'achievements'>): boolean {
  if (!achievement.hidden || timesOf(achievement, held) > 0) return true;
  return achievement.follows !== null && held.achievements.has(achievement.follows);
}

export const holdsAll = (requirements: readonly Requirement[], context: UserContext): boolean =>
  requirements.every(({ measure, atLeast }) => context[measure] >= atLeast);

function dueUnlocks(achievement: AchievementDefinition, context: UserContext, held: Held): Unlock[] {
  const times = timesOf(achievement, held);
  const met = Math.min(...achievement.requirements.map(({ measure, atLeast }) => Math.floor(context[measure] / atLeast)));
  const due = achievement.repeatable ? met : Math.min(met, 1);
  return Array.from({ length: Math.max(0, due - times) }, (_none, index) => ({ achievement, time: times + index + 1 }));
}

function dueBadges(unlocked: readonly Unlock[], context: UserContext, held: Held, rules: Rules): BadgeDefinition[] {
  const ofTiers = unlocked.map(({ achievement }) => tierBadgeOf(achievement)).filter((badge) => badge !== null);
  const due = [...ofTiers, ...rules.badges.filter(({ requirements }) => holdsAll(requirements, context))];
  const fresh = due.filter(({ badge_id }) => !held.badges.has(badge_id));
  return [...new Map(fresh.map((badge) => [badge.badge_id, badge])).values()];
}
