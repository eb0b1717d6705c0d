import type { Habit } from './habit.js';

/** The habit's period has its completion; nothing happened. */
export class HabitDoneAlready extends Error {
  readonly code = 'habit_done_already';
  readonly kind = 'conflict';
  readonly retryable = false;

  constructor({ habit_id, frequency, last_completed }: Pick<Habit, 'habit_id' | 'frequency' | 'last_completed'>, day: string) {
    super(`Habit ${habit_id} is ${frequency} and was done on ${String(last_completed)}: ${day} is too early for the next time.`);
    this.name = 'HabitDoneAlready';
  }
}

/** A completion on a day before the last one; nothing happened. */
export class CompletionOutOfOrder extends Error {
  readonly code = 'completion_out_of_order';
  readonly kind = 'conflict';
  readonly retryable = false;

  constructor(habitId: number, day: string, last: string) {
    super(`Habit ${habitId} was done on ${last} already; a completion on ${day} comes too late.`);
    this.name = 'CompletionOutOfOrder';
  }
}

export class HabitNotFound extends Error {
  readonly code = 'habit_not_found';
  readonly kind = 'not_found';
  readonly retryable = false;

  constructor(habitId: number) {
    super(`There is no habit ${habitId}.`);
    this.name = 'HabitNotFound';
  }
}
