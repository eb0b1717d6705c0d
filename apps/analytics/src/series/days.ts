/** The UTC day of an instant, YYYY-MM-DD. */
export const dayOf = (instant: Date): string => instant.toISOString().slice(0, 10);

const dayMs = 86_400_000;

/** The day so many days later, or earlier. */
export const daysAfter = (day: string, days: number): string => dayOf(new Date(Date.parse(day) + days * dayMs));

/** Number of a day since 1970. */
export const dayNumber = (day: string): number => Date.parse(day) / dayMs;
