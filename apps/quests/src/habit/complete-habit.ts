import { HabitCompleted, HabitStreakAchieved, HabitStreakBroken } from '@lifeos/contracts';
import type { Transaction } from '@lifeos/postgres';
import { Invalid, localDay, type Raise, timeZoneOf } from '@lifeos/service';
import { completeHabit, type Milestone } from './habit.js';
import { saveCompletion, type StoredHabit } from './habit-store.js';
import type { CompletionWish } from './requests.js';

/** */
export interface CompletionAnswer {
  readonly habit_id: number;
  readonly completion_date: string;
  readonly current_streak: number;
  readonly longest_streak: number;
  readonly experience_reward: number;
  readonly milestone: Milestone | null;
}

export interface Command {
  readonly tx: Transaction;
  readonly raise: Raise;
  readonly at: Date;
}

/** Stores a completion and tells of it: E-15 for a run it found broken, E-13, E-14 on a milestone. @throws Invalid for a day to come. */
export async function recordCompletion({ tx, raise, at }: Command, habit: StoredHabit, wish: CompletionWish): Promise<CompletionAnswer> {
  const { habit_id, user_id, name: habit_name, frequency } = habit;
  const today = localDay(at, await timeZoneOf(tx, user_id));
  const day = wish.completion_date ?? today;
  if (day > today) throw new Invalid(`The day ${day} is still to come.`, [{ field: 'completion_date', message: `is after today, ${today}` }]);
  const { streak, longest, experience, broken, milestone } = completeHabit(habit, { day, count: wish.count });
  await saveCompletion(tx, { habitId: habit_id, day, count: wish.count, notes: wish.notes, streak, longest, experience, at });
  const about = { user_id, habit_id, habit_name };
  if (broken) raise(HabitStreakBroken, { ...about, ...broken }, at);
  raise(HabitCompleted, { ...about, frequency, completion_date: day, streak_count: streak, experience_reward: experience }, at);
  if (milestone) raise(HabitStreakAchieved, { ...about, ...milestone }, at);
  return { habit_id, completion_date: day, current_streak: streak, longest_streak: longest, experience_reward: experience, milestone };
}
