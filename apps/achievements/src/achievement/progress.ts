import type { AchievementDefinition, Requirement } from './definitions.js';
import type { UserContext } from './user-context.js';

/** How far an unfinished achievement is; of a repeatable one, towards its next time. */
export interface Progress {
  readonly achievement: AchievementDefinition;
  /** How often it was unlocked before. */
  readonly times: number;
  /** Of the requirement furthest from done; at most `required`. */
  readonly current: number;
  readonly required: number;
  /** Mean over the requirements, 0 … 100, two places; 100 only when all hold. */
  readonly percentage: number;
}

/** */
export function progressOf(achievement: AchievementDefinition, context: UserContext, times = 0): Progress {
  const { requirements } = achievement;
  const haveOf = counterOf(achievement, context, times);
  const share = (requirement: Requirement): number => Math.min(1, haveOf(requirement) / requirement.atLeast);
  const furthest = requirements.reduce((worst, next) => (share(next) < share(worst) ? next : worst));
  return {
    achievement,
    times,
    current: Math.min(haveOf(furthest), furthest.atLeast),
    required: furthest.atLeast,
    percentage: percentageOf(requirements.map(share)),
  };
}

/** What counts towards a requirement: a repeatable achievement uses up what its earlier times took. */
export function counterOf({ repeatable }: AchievementDefinition, context: UserContext, times: number): (requirement: Requirement) => number {
  return ({ measure, atLeast }) => Math.max(0, context[measure] - (repeatable ? times * atLeast : 0));
}

export const sameProgress = (a: Progress, b: Progress): boolean =>
  a.times === b.times && a.current === b.current && a.required === b.required && a.percentage === b.percentage;

function percentageOf(shares: readonly number[]): number {
  if (shares.every((share) => share === 1)) return 100;
  const mean = shares.reduce((total, share) => total + share, 0) / shares.length;
  // Rounding must not say 100 of what is still open.
  return Math.min(99.99, Math.round(mean * 10_000) / 100);
}
