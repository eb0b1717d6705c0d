const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

const nameOf = (ms: number): string => new Date(ms).toISOString().slice(0, 10);

/** The newest day whose work is due, YYYY-MM-DD. */
export function newestDueDay(now: Date, hoursAfterDay: number): string {
  return nameOf(now.getTime() - hoursAfterDay * hourMs - dayMs);
}

export const dayAfter = (day: string): string => nameOf(Date.parse(day) + dayMs);

/** What a job has done so far. */
export interface JobProgress {
  /** Oldest day that was begun and not finished. */
  readonly unfinished: string | null;
  /** Newest day that was finished. */
  readonly finished: string | null;
}

/** Days to work off now, oldest first: all that were missed; a job that never ran begins with the newest. */
export function dueDays({ unfinished, finished }: JobProgress, newest: string): string[] {
  const first = unfinished ?? (finished === null ? newest : dayAfter(finished));
  const days: string[] = [];
  for (let day = first; day <= newest; day = dayAfter(day)) days.push(day);
  return days;
}
