import type { HabitStreakAchievedInput } from '@lifeos/contracts';
import { CompletionOutOfOrder, HabitDoneAlready } from './errors.js';
import { type Frequency, nextWindow, succession } from './periods.js';

export const longestPossibleStreak = 10_000;
export const defaultExperience = 10;

/** A habit as its next decision needs it. */
export interface Habit {
  readonly habit_id: number;
  readonly frequency: Frequency;
  /** How often it is meant to be done in one completion; bounds the XP. */
  readonly target_count: number;
  /** Base XP of one time. */
  readonly experience_reward: number;
  /** 0 before the first completion, and after the run was reported as broken. */
  readonly current_streak: number;
  readonly longest_streak: number;
  /** YYYY-MM-DD in the person's calendar. */
  readonly last_completed: string | null;
}

export interface BrokenRun {
  readonly previous_streak: number;
  /** First day of the period that passed unmet. */
  readonly broken_date: string;
}

export type Milestone = Required<Pick<HabitStreakAchievedInput, 'streak_count' | 'streak_type' | 'bonus_experience'>>;

/** What one completion brings. */
export interface Completion {
  readonly streak: number;
  readonly longest: number;
  /** XP to book, the factor of the streak included. */
  readonly experience: number;
  /** The run that this completion found broken, unless that was told before. */
  readonly broken: BrokenRun | null;
  readonly milestone: Milestone | null;
}

/**
 * Completes a habit on a day (H-4 to H-8).
 * @throws HabitDoneAlready in the same period, CompletionOutOfOrder before the last completion.
 */
export function completeHabit(habit: Habit, { day, count }: { day: string; count: number }): Completion {
  const { last_completed: last } = habit;
  if (last !== null && day < last) throw new CompletionOutOfOrder(habit.habit_id, day, last);
  const follows = last === null ? 'gap' : succession(habit.frequency, last, day);
  if (follows === 'same') throw new HabitDoneAlready(habit, day);
  const streak = follows === 'next' ? Math.min(longestPossibleStreak, habit.current_streak + 1) : 1;
  return {
    streak,
    longest: Math.max(habit.longest_streak, streak),
    experience: experienceFor(habit, count, streak),
    broken: follows === 'gap' ? runEndedIn(habit) : null,
    milestone: milestoneAt(streak, habit.experience_reward),
  };
}

/** The run that is over because its next period had passed at the end of `day`; null while it can go on (H-10). */
export function brokenBy(habit: Habit, day: string): BrokenRun | null {
  const due = habit.last_completed === null ? null : nextWindow(habit.frequency, habit.last_completed);
  return due && due.last <= day ? runEndedIn(habit) : null;
}

function runEndedIn({ current_streak, frequency, last_completed }: Habit): BrokenRun | null {
  const due = last_completed === null ? null : nextWindow(frequency, last_completed);
  return due && current_streak > 0 ? { previous_streak: current_streak, broken_date: due.first } : null;
}

/** XP of a completion: floor(base × count × factor), of the count at most the target (H-2, H-6). */
function experienceFor({ experience_reward, target_count }: Habit, count: number, streak: number): number {
  // In tenths: the floating product falls below whole numbers that it should meet.
  return Math.floor((experience_reward * Math.min(count, Math.max(1, target_count)) * factorInTenths(streak)) / 10);
}

function factorInTenths(streak: number): number {
  if (streak >= 100) return 20;
  if (streak >= 21) return 15;
  return streak >= 7 ? 12 : 10;
}

const milestones: ReadonlyMap<number, Pick<Milestone, 'streak_count' | 'streak_type'>> = new Map(
  ([
    { streak_count: 7, streak_type: 'week' },
    { streak_count: 21, streak_type: 'habit_formation' },
    { streak_count: 30, streak_type: 'month' },
    { streak_count: 50, streak_type: 'dedication' },
    { streak_count: 100, streak_type: 'mastery' },
    { streak_count: 365, streak_type: 'year' },
  ] as const).map((milestone) => [milestone.streak_count, milestone]),
);

/** H-7, H-8. */
function milestoneAt(streak: number, base: number): Milestone | null {
  const milestone = milestones.get(streak);
  return milestone ? { ...milestone, bonus_experience: base * (streak >= 100 ? 3 : streak >= 21 ? 2 : 1) } : null;
}
