/** What one event says of a person's savings. */
export interface Savings {
  readonly value: number;
  /** Null: the person aims at nothing. */
  readonly target: number | null;
}

/** What is kept: how things stand, and the target that was reached last. */
export interface SavingsGoal extends Savings {
  readonly reachedTarget: number | null;
}

/** at or above the target. A target of 0 or less is none: there is nothing to reach, and no next goal beyond it. */
export function isReached({ value, target }: Savings): boolean {
  return target !== null && target > 0 && value >= target;
}

const growth = 1.5;

/**
 * The goal to propose after the one that was reached: one and a half times as much. It stands until the
 * person aims at that much or more; falling below what was reached does not take it back.
 */
export function proposedTarget({ target, reachedTarget }: SavingsGoal): number | null {
  if (reachedTarget === null) return null;
  const proposed = Math.round(reachedTarget * growth * 10_000) / 10_000;
  return target !== null && target >= proposed ? null : proposed;
}
