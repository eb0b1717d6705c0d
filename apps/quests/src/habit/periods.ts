export const frequencies = ['daily', 'weekly', 'monthly', 'custom'] as const;
export type Frequency = (typeof frequencies)[number];

const dayMs = 86_400_000;

/** The day, YYYY-MM-DD, so many days later. */
export function daysAfter(day: string, days: number): string {
  return new Date(Date.parse(day) + days * dayMs).toISOString().slice(0, 10);
}

export const daysBetween = (from: string, to: string): number => (Date.parse(to) - Date.parse(from)) / dayMs;

/** Months since year 0; neighbours differ by one, over the year's end too. */
const monthOf = (day: string): number => Number(day.slice(0, 4)) * 12 + Number(day.slice(5, 7)) - 1;

function firstOfMonth(month: number): string {
  return `${String(Math.floor(month / 12)).padStart(4, '0')}-${String((month % 12) + 1).padStart(2, '0')}-01`;
}

/** How a day stands to the last completion: in the same period, in the one that follows, or after a gap. */
export type Succession = 'same' | 'next' | 'gap';

/** H-3, H-4. `day` is not before `last`. */
export function succession(frequency: Frequency, last: string, day: string): Succession {
  const days = daysBetween(last, day);
  switch (frequency) {
    case 'daily':
      return days === 0 ? 'same' : days === 1 ? 'next' : 'gap';
    case 'weekly':
      return days <= 5 ? 'same' : days <= 8 ? 'next' : 'gap';
    case 'monthly':
      return (['same', 'next'] as const)[monthOf(day) - monthOf(last)] ?? 'gap';
    case 'custom':
      return 'next';
  }
}

/** The days on which the run could have gone on. */
export interface Window {
  readonly first: string;
  readonly last: string;
}

/** When a run is due after its last completion; null when it never is (H-1: custom). */
export function nextWindow(frequency: Frequency, last: string): Window | null {
  switch (frequency) {
    case 'daily':
      return { first: daysAfter(last, 1), last: daysAfter(last, 1) };
    case 'weekly':
      return { first: daysAfter(last, 6), last: daysAfter(last, 8) };
    case 'monthly':
      return { first: firstOfMonth(monthOf(last) + 1), last: daysAfter(firstOfMonth(monthOf(last) + 2), -1) };
    case 'custom':
      return null;
  }
}

const expectedIn30Days: Readonly<Record<Frequency, number>> = { daily: 30, weekly: 4, monthly: 1, custom: 1 };

/** Share of the completions expected in 30 days, at most 1 (H-11); a custom habit is expected once. */
export function consistency(frequency: Frequency, completionsIn30Days: number): number {
  return Math.min(1, completionsIn30Days / expectedIn30Days[frequency]);
}
