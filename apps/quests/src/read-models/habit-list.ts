import type { Queryable } from '@lifeos/postgres';
import { consistency, daysAfter, type Frequency } from '../habit/periods.js';

/** One completion as the API answers it. */
export interface CompletionView {
  readonly completion_date: string;
  readonly count: number;
  readonly notes: string;
  readonly streak_count: number;
  readonly experience_reward: number;
}

/** A habit as the API answers it (H-11). */
export interface HabitView {
  readonly habit_id: number;
  readonly user_id: number;
  readonly name: string;
  readonly frequency: Frequency;
  readonly target_count: number;
  /** Base XP of one time. */
  readonly experience_reward: number;
  readonly current_streak: number;
  readonly longest_streak: number;
  readonly last_completed: string | null;
  /** 0 … 1: completions of the last 30 days, today included, by those expected. */
  readonly consistency: number;
  /** Completions of the last 30 days, newest first. */
  readonly history: readonly CompletionView[];
  readonly created_at: Date;
}

export interface HabitPage {
  /** The person's own today. */
  readonly today: string;
  readonly limit: number;
  readonly offset: number;
}

const daysShown = 30;

/** A person's habits, oldest first, without deleted ones. */
export async function habitsOf(db: Queryable, userId: number, { today, limit, offset }: HabitPage): Promise<HabitView[]> {
  return views(db, `user_id = $2 AND deleted_at IS NULL ORDER BY habit_id LIMIT $3 OFFSET $4`, [daysAfter(today, 1 - daysShown), userId, limit, offset]);
}

/** Null when there is none, or it was deleted. */
export async function habitView(db: Queryable, habitId: number, today: string): Promise<HabitView | null> {
  const [view] = await views(db, 'habit_id = $2 AND deleted_at IS NULL', [daysAfter(today, 1 - daysShown), habitId]);
  return view ?? null;
}

type Row = Omit<HabitView, 'habit_id' | 'user_id' | 'consistency'> & { readonly habit_id: string; readonly user_id: string };

async function views(db: Queryable, condition: string, values: readonly unknown[]): Promise<HabitView[]> {
  const { rows } = await db.query<Row>(
    `SELECT habit_id, user_id, name, frequency, target_count, experience_reward, current_streak, longest_streak, last_completed::text, created_at,
       coalesce((
         SELECT jsonb_agg(jsonb_build_object('completion_date', completion_date, 'count', count, 'notes', notes, 'streak_count', streak_count,
           'experience_reward', experience_reward) ORDER BY completion_date DESC, completion_id DESC)
         FROM habit_completions c WHERE c.habit_id = habits.habit_id AND c.completion_date >= $1
       ), '[]') AS history
     FROM habits WHERE ${condition}`,
    values,
  );
  return rows.map((row) => ({
    ...row,
    habit_id: Number(row.habit_id),
    user_id: Number(row.user_id),
    consistency: consistency(row.frequency, row.history.length),
  }));
}
