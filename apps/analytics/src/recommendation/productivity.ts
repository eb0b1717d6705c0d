/** Completions of a habit that 30 days ask for, by its frequency (H-11); any other frequency asks for one. */
export const expectedIn30Days: Readonly<Record<string, number>> = { daily: 30, weekly: 4, monthly: 1, custom: 1 };

/** Quests and habits of 30 days. */
export interface Completions {
  /** Quests, drafts left out. */
  readonly created: number;
  readonly completed: number;
  /** Mean over the habits of completions by those expected, each 0 … 1; null without a habit. */
  readonly consistency: number | null;
}

/**
 * AN-4: the mean of the completion rates of quests and habits (H-11), as far as there are any;
 * null for somebody who has neither: what nobody set out to do is not left undone.
 */
export function productivityOf({ created, completed, consistency }: Completions): number | null {
  const quests = created === 0 && completed === 0 ? null : Math.min(1, completed / Math.max(1, created));
  const rates = [quests, consistency].filter((rate) => rate !== null);
  return rates.length === 0 ? null : Math.round((rates.reduce((sum, rate) => sum + rate, 0) / rates.length) * 10_000) / 10_000;
}
