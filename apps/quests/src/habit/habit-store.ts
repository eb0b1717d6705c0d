import type { Queryable } from '@lifeos/postgres';
import type { Completion, Habit } from './habit.js';
import type { Frequency } from './periods.js';
import type { NewHabit } from './requests.js';

/** A habit with what its events tell beside its progress. */
export interface StoredHabit extends Habit {
  readonly user_id: number;
  readonly name: string;
}

/** Under the owner's key lock, as everything that writes here. Returns the new id. */
export async function insertHabit(tx: Queryable, habit: NewHabit, at: Date): Promise<number> {
  const { rows } = await tx.query<{ habit_id: string }>(
    `INSERT INTO habits (habit_id, user_id, name, frequency, target_count, experience_reward, created_at)
     VALUES (nextval('habit_ids'), $1, $2, $3, $4, $5, $6) RETURNING habit_id`,
    [habit.user_id, habit.name, habit.frequency, habit.target_count, habit.experience_reward, at],
  );
  return Number(rows[0]?.habit_id);
}

/** Null when there is none, or it was deleted. */
export async function loadHabit(db: Queryable, habitId: number): Promise<StoredHabit | null> {
  const [habit] = await load(db, 'habit_id = $1 AND deleted_at IS NULL', [habitId]);
  return habit ?? null;
}

/** Habits of these people whose run could end. */
export async function loadRunningHabits(db: Queryable, userIds: readonly number[]): Promise<StoredHabit[]> {
  return load(db, `user_id = ANY ($1::bigint[]) AND deleted_at IS NULL AND current_streak > 0`, [userIds]);
}

export async function saveHabit(tx: Queryable, habit: StoredHabit): Promise<void> {
  await tx.query('UPDATE habits SET name = $2, frequency = $3, target_count = $4, experience_reward = $5 WHERE habit_id = $1', [
    habit.habit_id, habit.name, habit.frequency, habit.target_count, habit.experience_reward,
  ]);
}

export async function deleteHabit(tx: Queryable, habitId: number, at: Date): Promise<void> {
  await tx.query('UPDATE habits SET deleted_at = $2 WHERE habit_id = $1', [habitId, at]);
}

export interface CompletionRow extends Pick<Completion, 'streak' | 'longest' | 'experience'> {
  readonly habitId: number;
  readonly day: string;
  readonly count: number;
  readonly notes: string;
  readonly at: Date;
}

export async function saveCompletion(tx: Queryable, { habitId, day, count, notes, streak, longest, experience, at }: CompletionRow): Promise<void> {
  await tx.query('UPDATE habits SET current_streak = $2, longest_streak = $3, last_completed = $4 WHERE habit_id = $1', [habitId, streak, longest, day]);
  await tx.query(
    `INSERT INTO habit_completions (habit_id, completion_date, count, notes, streak_count, experience_reward, completed_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7)`,
    [habitId, day, count, notes, streak, experience, at],
  );
}

export async function endRuns(tx: Queryable, habitIds: readonly number[]): Promise<void> {
  await tx.query('UPDATE habits SET current_streak = 0 WHERE habit_id = ANY ($1::bigint[])', [habitIds]);
}

interface Row extends Omit<StoredHabit, 'habit_id' | 'user_id'> {
  readonly habit_id: string;
  readonly user_id: string;
  readonly frequency: Frequency;
}

async function load(db: Queryable, condition: string, values: readonly unknown[]): Promise<StoredHabit[]> {
  const { rows } = await db.query<Row>(
    `SELECT habit_id, user_id, name, frequency, target_count, experience_reward, current_streak, longest_streak, last_completed::text
     FROM habits WHERE ${condition} ORDER BY habit_id`,
    values,
  );
  return rows.map((row) => ({ ...row, habit_id: Number(row.habit_id), user_id: Number(row.user_id) }));
}
