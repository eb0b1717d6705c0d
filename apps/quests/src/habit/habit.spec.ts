import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { CompletionOutOfOrder, HabitDoneAlready } from './errors.js';
import { brokenBy, completeHabit, type Habit, longestPossibleStreak } from './habit.js';
import { consistency, daysAfter, frequencies, type Frequency, nextWindow } from './periods.js';

const habit = (over: Partial<Habit> = {}): Habit => ({
  habit_id: 3, frequency: 'daily', target_count: 1, experience_reward: 10, current_streak: 1, longest_streak: 1, last_completed: '2026-11-20', ...over,
});
const running = (streak: number, over: Partial<Habit> = {}) => habit({ current_streak: streak, longest_streak: streak, ...over });
const completed = (given: Habit, day: string, count = 1) => completeHabit(given, { day, count });
const after = (given: Habit, day: string): Habit => {
  const { streak, longest } = completed(given, day);
  return { ...given, current_streak: streak, longest_streak: longest, last_completed: day };
};

describe('H-3: what follows a completion', () => {
  it.each<[Frequency, string, string]>([
    ['daily', '2026-11-20', '2026-11-21'],
    ['daily', '2026-11-30', '2026-12-01'],
    ['daily', '2026-12-31', '2027-01-01'],
    ['daily', '2028-02-28', '2028-02-29'],
    ['daily', '2028-02-29', '2028-03-01'],
    ['daily', '2026-02-28', '2026-03-01'],
    ['weekly', '2026-11-20', '2026-11-26'],
    ['weekly', '2026-11-20', '2026-11-27'],
    ['weekly', '2026-11-20', '2026-11-28'],
    ['weekly', '2028-02-23', '2028-03-02'],
    ['weekly', '2026-12-28', '2027-01-05'],
    ['monthly', '2026-01-31', '2026-02-01'],
    ['monthly', '2026-01-01', '2026-02-28'],
    ['monthly', '2028-01-15', '2028-02-29'],
    ['monthly', '2026-12-01', '2027-01-31'],
    ['custom', '2026-11-20', '2026-11-20'],
    ['custom', '2020-01-01', '2026-11-20'],
  ])('H-5: %s: %s, then %s: one more', (frequency, last, day) => {
    expect(completed(running(5, { frequency, last_completed: last }), day)).toMatchObject({ streak: 6, longest: 6, broken: null });
  });

  it.each<[Frequency, string, string, string]>([
    ['daily', '2026-11-20', '2026-11-22', '2026-11-21'],
    ['daily', '2028-02-28', '2028-03-01', '2028-02-29'],
    ['weekly', '2026-11-20', '2026-11-29', '2026-11-26'],
    ['monthly', '2026-11-30', '2027-01-01', '2026-12-01'],
    ['monthly', '2026-12-31', '2027-02-01', '2027-01-01'],
    ['monthly', '2025-11-30', '2026-11-30', '2025-12-01'],
  ])('H-5: %s: %s, then %s: a new run, and the old one ended on %s', (frequency, last, day, broken_date) => {
    expect(completed(running(5, { frequency, last_completed: last, longest_streak: 9 }), day)).toMatchObject({
      streak: 1, longest: 9, broken: { previous_streak: 5, broken_date },
    });
  });

  it('H-5: the first completion makes a run of 1', () => {
    expect(completed(habit({ current_streak: 0, longest_streak: 0, last_completed: null }), '2026-11-20')).toEqual({
      streak: 1, longest: 1, experience: 10, broken: null, milestone: null,
    });
  });

  it('H-5, H-10: a run that was told as broken is not told again', () => {
    expect(completed(habit({ current_streak: 0, longest_streak: 9 }), '2026-11-25')).toMatchObject({ streak: 1, longest: 9, broken: null });
  });
});

describe('H-4: what is refused', () => {
  it.each<[Frequency, string, string]>([
    ['daily', '2026-11-20', '2026-11-20'],
    ['weekly', '2026-11-20', '2026-11-20'],
    ['weekly', '2026-11-20', '2026-11-25'],
    ['monthly', '2026-11-01', '2026-11-30'],
    ['monthly', '2028-02-01', '2028-02-29'],
  ])('%s: %s, then %s is the same period', (frequency, last_completed, day) => {
    expect(() => completed(habit({ frequency, last_completed }), day)).toThrow(HabitDoneAlready);
  });

  it.each(frequencies)('%s: a day before the last completion', (frequency) => {
    expect(() => completed(habit({ frequency }), '2026-11-19')).toThrow(CompletionOutOfOrder);
  });
});

describe('H-6: XP of a completion', () => {
  it.each([
    [6, 10], [7, 12], [8, 12], [20, 12], [21, 15], [22, 15], [99, 15], [100, 20], [101, 20],
  ])('with a run of %i, a base of 10 gives %i', (streak, experience) => {
    expect(completed(running(streak - 1), '2026-11-21')).toMatchObject({ streak, experience });
  });

  it.each([
    [7, 1, 1, 1], [21, 1, 1, 1], [7, 9, 1, 10], [7, 35, 1, 42], [21, 7, 1, 10], [100, 7, 1, 14], [1, 0, 1, 0], [7, 10_000, 1000, 12_000_000],
  ])('a run of %i, base %i and count %i give %i, rounded down', (streak, experience_reward, count, experience) => {
    expect(completed(running(streak - 1, { experience_reward, target_count: 1000, ...(streak === 1 ? { last_completed: null } : {}) }), '2026-11-21', count)).toMatchObject({ experience });
  });

  it.each([[0, 5, 10], [1, 5, 10], [4, 5, 40], [5, 5, 50], [6, 5, 50], [1000, 1000, 10_000]])('H-2: a target of %i lets a count of %i be worth %i', (target_count, count, experience) => {
    expect(completed(habit({ target_count }), '2026-11-21', count)).toMatchObject({ experience });
  });

  it('H-2: a run stays at 10 000', () => {
    expect(completed(running(longestPossibleStreak), '2026-11-21')).toMatchObject({ streak: 10_000, longest: 10_000 });
  });
});

describe('H-7, H-8: milestones', () => {
  it.each([
    [7, 'week', 10], [21, 'habit_formation', 20], [30, 'month', 20], [50, 'dedication', 20], [100, 'mastery', 30], [365, 'year', 30],
  ])('a run of %i is a %s with a bonus of %i', (streak_count, streak_type, bonus_experience) => {
    expect(completed(running(streak_count - 1), '2026-11-21').milestone).toEqual({ streak_count, streak_type, bonus_experience });
  });

  it.each([1, 6, 8, 20, 22, 29, 31, 49, 51, 99, 101, 364, 366])('a run of %i is none', (streak) => {
    expect(completed(running(streak - 1, streak === 1 ? { last_completed: null, longest_streak: 0 } : {}), '2026-11-21').milestone).toBeNull();
  });
});

describe('H-10: a period that passed unmet', () => {
  it.each<[Frequency, string, string, string]>([
    ['daily', '2026-11-20', '2026-11-21', '2026-11-21'],
    ['daily', '2028-02-28', '2028-02-29', '2028-02-29'],
    ['daily', '2026-12-31', '2027-01-01', '2027-01-01'],
    ['weekly', '2026-11-20', '2026-11-28', '2026-11-26'],
    ['monthly', '2026-01-31', '2026-02-28', '2026-02-01'],
    ['monthly', '2028-01-01', '2028-02-29', '2028-02-01'],
    ['monthly', '2026-12-15', '2027-01-31', '2027-01-01'],
  ])('%s: a run last met on %s is over with %s', (frequency, last_completed, lastDay, broken_date) => {
    const given = running(5, { frequency, last_completed });
    expect(brokenBy(given, daysAfter(lastDay, -1))).toBeNull();
    expect(brokenBy(given, lastDay)).toEqual({ previous_streak: 5, broken_date });
    expect(brokenBy({ ...given, current_streak: 0 }, lastDay)).toBeNull();
  });

  it('H-1: a custom habit never breaks, a habit never done neither', () => {
    expect(brokenBy(running(5, { frequency: 'custom' }), '2036-01-01')).toBeNull();
    expect(brokenBy(habit({ current_streak: 0, last_completed: null }), '2036-01-01')).toBeNull();
  });
});

describe('H-11: consistency', () => {
  it.each<[Frequency, number, number]>([
    ['daily', 0, 0], ['daily', 15, 0.5], ['daily', 30, 1], ['weekly', 3, 0.75], ['weekly', 4, 1], ['weekly', 5, 1], ['monthly', 0, 0], ['monthly', 1, 1], ['monthly', 2, 1],
  ])('%s with %i completions is %d', (frequency, completions, share) => {
    expect(consistency(frequency, completions)).toBe(share);
  });
});

describe('any history', () => {
  const fresh = (frequency: Frequency): Habit => habit({ frequency, current_streak: 0, longest_streak: 0, last_completed: null });
  const gaps = fc.array(fc.integer({ min: 0, max: 40 }), { minLength: 1, maxLength: 80 });

  it('H-5: current never exceeds longest, longest never falls, and both equal a count of unbroken runs', () => {
    fc.assert(
      fc.property(fc.constantFrom(...frequencies), gaps, (frequency, days) => {
        let state = fresh(frequency);
        let day = '2027-12-01';
        let run = 0;
        let best = 0;
        for (const gap of days) {
          day = daysAfter(day, gap);
          const due = state.last_completed === null ? null : nextWindow(frequency, state.last_completed);
          if (due && day < due.first) {
            expect(() => completed(state, day)).toThrow(HabitDoneAlready);
            continue;
          }
          run = state.last_completed === null || (due && day > due.last) ? 1 : run + 1;
          best = Math.max(best, run);
          state = after(state, day);
          expect(state).toMatchObject({ current_streak: run, longest_streak: best });
        }
      }),
    );
  });

  it('H-10: swept every day or not at all, the same runs are told as broken, each once', () => {
    fc.assert(
      fc.property(fc.constantFrom(...frequencies), gaps, (frequency, days) => {
        const told = (sweeps: boolean): unknown[] => {
          const broken: unknown[] = [];
          let state = fresh(frequency);
          let day = '2027-12-01';
          for (const gap of days) {
            for (let passed = 0; passed < gap; passed += 1) {
              const found = sweeps ? brokenBy(state, day) : null;
              if (found) {
                broken.push(found);
                state = { ...state, current_streak: 0 };
              }
              day = daysAfter(day, 1);
            }
            const due = state.last_completed === null ? null : nextWindow(frequency, state.last_completed);
            if (due && day < due.first) continue;
            const { broken: found } = completed(state, day);
            if (found) broken.push(found);
            state = after(state, day);
          }
          return broken;
        };
        expect(told(true)).toEqual(told(false));
      }),
    );
  });
});
