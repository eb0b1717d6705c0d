const millisPerDay = 86_400_000;
const form = /^\d{4}-\d{2}-\d{2}$/;

/** Events tell of few different days, and a Date a day costs more than all else in reading an event. Some 27 years. */
const remembered = 10_000;
const texts = new Map<number, string>();
const numbers = new Map<string, number>();

/** `YYYY-MM-DD` of a number of days since 1970-01-01. */
export function calendarDate(days: number): string {
  const known = texts.get(days);
  if (known !== undefined) return known;
  const made = new Date(days * millisPerDay).toISOString();
  const text = made.slice(0, made.indexOf('T'));
  if (texts.size < remembered) texts.set(days, text);
  return text;
}

/** Days since 1970-01-01; undefined when the text is no day of the calendar, 2023-02-29 for example. */
export function daysOf(date: string): number | undefined {
  const known = numbers.get(date);
  if (known !== undefined) return known;
  if (!form.test(date)) return undefined;
  const days = Date.parse(`${date}T00:00:00Z`) / millisPerDay;
  if (!Number.isInteger(days) || calendarDate(days) !== date) return undefined;
  if (numbers.size < remembered) numbers.set(date, days);
  return days;
}
