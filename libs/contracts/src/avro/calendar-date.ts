const millisPerDay = 86_400_000;
const form = /^\d{4}-\d{2}-\d{2}$/;

/** `YYYY-MM-DD` of a number of days since 1970-01-01. */
export function calendarDate(days: number): string {
  const text = new Date(days * millisPerDay).toISOString();
  return text.slice(0, text.indexOf('T'));
}

/** Days since 1970-01-01; undefined when the text is no day of the calendar, 2023-02-29 for example. */
export function daysOf(date: string): number | undefined {
  if (!form.test(date)) return undefined;
  const days = Date.parse(`${date}T00:00:00Z`) / millisPerDay;
  return Number.isInteger(days) && calendarDate(days) === date ? days : undefined;
}
