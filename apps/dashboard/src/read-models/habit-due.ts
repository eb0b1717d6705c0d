/** A habit as home's list needs it. */
export interface Habit {
  readonly habit_id: number;
  readonly name: string;
  readonly frequency: string;
  /** YYYY-MM-DD, null when never done. */
  readonly last_completed_on: string | null;
  readonly current_streak: number;
}

const dayMs = 86_400_000;
/** H-4: a weekly habit done in the five days before is not due again. */
const weeklyRestDays = 5;

/** D-7: whether doing it today would count (H-4). `today` is the person's own day, YYYY-MM-DD. */
export function isDue({ frequency, last_completed_on: last }: Pick<Habit, 'frequency' | 'last_completed_on'>, today: string): boolean {
  if (last === null) return true;
  if (frequency === 'monthly') return last.slice(0, 7) < today.slice(0, 7);
  const days = Math.round((Date.parse(today) - Date.parse(last)) / dayMs);
  return frequency === 'weekly' ? days > weeklyRestDays : days > 0;
}
