/** What a person did in a period, as far as engagement goes. */
export interface Doings {
  /** Length of the period. */
  readonly days: number;
  readonly activeDays: number;
  /** Of these the ones among the last 7 days, and among the 7 before. */
  readonly activeInLast7: number;
  readonly activeIn7Before: number;
  /** Life areas with a reading. */
  readonly activeAreas: number;
  /** Habits done at least once. */
  readonly activeHabits: number;
  readonly brokenStreaks: number;
  readonly failedSyncs: number;
}

export type Risk = 'low_activity' | 'streak_loss' | 'falling_activity' | 'sync_problems';

/** Days that are looked at. */
export const periodDays = 30;

const wanted = { areas: 3, habits: 3 };

/** AN-7: 0 … 1, four places. */
export function engagementScore({ days, activeDays, activeAreas, activeHabits }: Doings): number {
  const score = 0.5 * Math.min(1, activeDays / days) + 0.3 * Math.min(1, activeAreas / wanted.areas) + 0.2 * Math.min(1, activeHabits / wanted.habits);
  return Math.round(score * 10_000) / 10_000;
}

/** AN-7: signs that somebody is falling behind. */
export function risksOf(doings: Doings): Risk[] {
  const risks: Readonly<Record<Risk, boolean>> = {
    low_activity: engagementScore(doings) < 0.3,
    streak_loss: doings.brokenStreaks >= 2,
    falling_activity: doings.activeInLast7 < doings.activeIn7Before / 2,
    sync_problems: doings.failedSyncs >= 3,
  };
  return (Object.keys(risks) as Risk[]).filter((risk) => risks[risk]);
}
