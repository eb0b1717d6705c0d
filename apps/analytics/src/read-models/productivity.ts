import type { Queryable } from '@lifeos/postgres';
import { type Completions, expectedIn30Days } from '../recommendation/productivity.js';

/** A person's quests of a day. */
export interface QuestDay {
  readonly userId: number;
  readonly day: string;
  readonly created: number;
  readonly completed: number;
}

export async function countQuests(tx: Queryable, days: readonly QuestDay[]): Promise<void> {
  if (days.length === 0) return;
  await tx.query(
    `INSERT INTO quest_days AS known (user_id, day, created, completed)
     SELECT user_id, day, sum(created), sum(completed)
     FROM unnest($1::bigint[], $2::date[], $3::int[], $4::int[]) AS event (user_id, day, created, completed) GROUP BY user_id, day
     ON CONFLICT (user_id, day) DO UPDATE SET (created, completed) = (known.created + excluded.created, known.completed + excluded.completed)`,
    [days.map(({ userId }) => userId), days.map(({ day }) => day), days.map(({ created }) => created), days.map(({ completed }) => completed)],
  );
}

export interface HabitRow {
  readonly userId: number;
  readonly habitId: number;
  readonly frequency: string;
  readonly deleted: boolean;
}

/** New habits. One that is known already was told of by a change, which is newer whenever it comes: in one batch it may come first. */
export async function addHabits(tx: Queryable, habits: readonly HabitRow[]): Promise<void> {
  await writeHabits(tx, habits, 'NOTHING');
}

/** Habits as their newest change tells. */
export async function saveHabits(tx: Queryable, habits: readonly HabitRow[]): Promise<void> {
  await writeHabits(tx, habits, 'UPDATE SET (frequency, deleted) = (excluded.frequency, excluded.deleted)');
}

async function writeHabits(tx: Queryable, habits: readonly HabitRow[], whenKnown: string): Promise<void> {
  const latest = [...new Map(habits.map((habit) => [`${habit.userId} ${habit.habitId}`, habit])).values()];
  await tx.query(
    `INSERT INTO habits (user_id, habit_id, frequency, deleted) SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::text[], $4::boolean[])
     ON CONFLICT (user_id, habit_id) DO ${whenKnown}`,
    [latest.map(({ userId }) => userId), latest.map(({ habitId }) => habitId), latest.map(({ frequency }) => frequency), latest.map(({ deleted }) => deleted)],
  );
}

/** One completion of a habit, on the day in the person's calendar. */
export interface HabitDone {
  readonly userId: number;
  readonly habitId: number;
  readonly day: string;
}

export async function countHabitDays(tx: Queryable, done: readonly HabitDone[]): Promise<void> {
  await tx.query(
    `INSERT INTO habit_days AS known (user_id, habit_id, day, completions)
     SELECT user_id, habit_id, day, count(*) FROM unnest($1::bigint[], $2::bigint[], $3::date[]) AS event (user_id, habit_id, day)
     GROUP BY user_id, habit_id, day
     ON CONFLICT (user_id, habit_id, day) DO UPDATE SET completions = known.completions + excluded.completions`,
    [done.map(({ userId }) => userId), done.map(({ habitId }) => habitId), done.map(({ day }) => day)],
  );
}

/** The 30 days that end with `day`. */
export interface Period {
  readonly userId: number;
  readonly day: string;
}

/** What was created, expected and done in each period, in their order. */
export async function completionsOf(db: Queryable, periods: readonly Period[]): Promise<Completions[]> {
  const { rows } = await db.query<{ created: number; completed: number; consistency: number | null }>(
    `SELECT coalesce(quests.created, 0)::int AS created, coalesce(quests.completed, 0)::int AS completed, habit.consistency
     FROM unnest($1::bigint[], $2::date[]) WITH ORDINALITY AS period (user_id, day, place)
     LEFT JOIN LATERAL (SELECT sum(q.created) AS created, sum(q.completed) AS completed FROM quest_days q
       WHERE q.user_id = period.user_id AND q.day > period.day - 30 AND q.day <= period.day) quests ON true
     LEFT JOIN LATERAL (SELECT avg(least(1, done / expected)) AS consistency FROM (
       SELECT coalesce(($3::jsonb ->> h.frequency)::float8, 1) AS expected, (SELECT coalesce(sum(d.completions), 0)::float8 FROM habit_days d
         WHERE d.user_id = h.user_id AND d.habit_id = h.habit_id AND d.day > period.day - 30 AND d.day <= period.day) AS done
       FROM habits h WHERE h.user_id = period.user_id AND NOT h.deleted) each) habit ON true
     ORDER BY place`,
    [periods.map(({ userId }) => userId), periods.map(({ day }) => day), JSON.stringify(expectedIn30Days)],
  );
  return rows.map(({ created, completed, consistency }) => ({ created, completed, consistency }));
}
