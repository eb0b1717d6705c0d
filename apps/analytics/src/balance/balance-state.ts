import { hasMoved, sameScores, type Scores } from './balance.js';

/** Scores that hold from a moment on. */
export interface DatedScores {
  readonly at: Date;
  readonly scores: Scores;
}

/** Where the reckoning of one person's balance stands. */
export interface BalanceState {
  /** Null before the first reckoning. */
  readonly reckoned: DatedScores | null;
  /** What was told last, by its own time; null when nothing was. */
  readonly announced: DatedScores | null;
  /** Scores from a week before the first reckoning of the batch on, oldest first. */
  readonly history: readonly DatedScores[];
}

export const weekMs = 7 * 86_400_000;

/** Null when the scores stand as they did: nothing to keep, nothing to tell. */
export function reckon({ reckoned }: BalanceState, now: Scores, happenedAt: Date): DatedScores | null {
  if (reckoned && sameScores(reckoned.scores, now)) return null;
  // Backwards never: a reading that came late counts from when it was heard of.
  return { scores: now, at: reckoned && reckoned.at > happenedAt ? reckoned.at : happenedAt };
}

/** AN-2: whether these scores are to be told. */
export const isNews = ({ announced }: Pick<BalanceState, 'announced'>, now: Scores): boolean => hasMoved(announced?.scores ?? null, now);

/** The scores in force 7 days before; null when none were known then (AN-3). */
export function scoresAWeekBefore(history: readonly DatedScores[], at: Date): Scores | null {
  return history.findLast((known) => known.at.getTime() <= at.getTime() - weekMs)?.scores ?? null;
}

export const withReckoned = (state: BalanceState, reckoned: DatedScores): BalanceState => ({
  ...state,
  reckoned,
  history: [...state.history, reckoned].toSorted((one, other) => one.at.getTime() - other.at.getTime()),
});

/** What is told now holds from now on, also when a telling of a later time was heard of before. */
export function withAnnounced(state: BalanceState, { scores, at }: DatedScores): { state: BalanceState; announced: DatedScores } {
  const announced = { scores, at: state.announced && state.announced.at > at ? state.announced.at : at };
  return { state: { ...state, announced }, announced };
}
