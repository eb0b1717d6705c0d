import { largestTotal, levelOf } from './level.js';

/** E-4's content: one booking passed one or more thresholds. */
export interface LevelPassed {
  readonly previous_level: number;
  readonly new_level: number;
  readonly total_experience: number;
}

export interface Booking<Award> {
  readonly award: Award;
  /** The user's total after this award. */
  readonly total: number;
  readonly levelPassed: LevelPassed | null;
}

interface Amount {
  readonly userId: number;
  /** XP, whole and > 0. */
  readonly amount: number;
}

/**
 * D-2, D-4: books awards in their order onto the users' totals. A user without a total starts at 0;
 * totals stop at the largest one.
 */
export function bookAwards<Award extends Amount>(totals: ReadonlyMap<number, number>, awards: readonly Award[]): Booking<Award>[] {
  const current = new Map(totals);
  return awards.map((award) => {
    const before = current.get(award.userId) ?? 0;
    const total = Math.min(before + award.amount, largestTotal);
    current.set(award.userId, total);
    return { award, total, levelPassed: levelPassed(before, total) };
  });
}

function levelPassed(before: number, after: number): LevelPassed | null {
  const [previous_level, new_level] = [levelOf(before), levelOf(after)];
  return new_level > previous_level ? { previous_level, new_level, total_experience: after } : null;
}

/** What of it was not told before, when levels up to `told` were. */
export function newlyPassed(passed: LevelPassed | null, told: number): LevelPassed | null {
  if (!passed || passed.new_level <= told) return null;
  return { ...passed, previous_level: Math.max(passed.previous_level, told) };
}
