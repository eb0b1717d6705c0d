import { localDay } from '@lifeos/service';

const dayMs = 86_400_000;
const quarterMs = 900_000;

/** A day so many days later, or earlier. */
export const daysAfter = (day: string, days: number): string => new Date(Date.parse(day) + days * dayMs).toISOString().slice(0, 10);

/** The days up to and including `last`, oldest first. */
export const daysUpTo = (last: string, count: number): string[] => Array.from({ length: count }, (_, index) => daysAfter(last, index - count + 1));

/** 0 for Sunday. */
export const weekdayOf = (day: string): number => new Date(day).getUTCDay();

/** Start of the quarter of an hour that an instant lies in: no time zone's day begins within one. */
export const quarterOf = (at: Date): Date => new Date(Math.floor(at.getTime() / quarterMs) * quarterMs);

/** The first instant of a day in a time zone; also where clocks change at midnight, or a day was left out. */
export function startOfDay(day: string, timeZone: string): Date {
  let before = (Date.parse(day) - dayMs) / quarterMs;
  let reached = (Date.parse(day) + dayMs) / quarterMs;
  while (reached - before > 1) {
    const middle = Math.floor((before + reached) / 2);
    if (localDay(new Date(middle * quarterMs), timeZone) < day) before = middle;
    else reached = middle;
  }
  return new Date(reached * quarterMs);
}

/** The calendar month that an instant lies in, in a time zone; `to` is the first instant after it. */
export function monthOf(at: Date, timeZone: string): { from: Date; to: Date } {
  const first = `${localDay(at, timeZone).slice(0, 7)}-01`;
  const next = `${daysAfter(first, 31).slice(0, 7)}-01`;
  return { from: startOfDay(first, timeZone), to: startOfDay(next, timeZone) };
}
