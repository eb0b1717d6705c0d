import { HabitChanged, HabitCompleted, HabitCreated, HabitStreakBroken } from '@lifeos/contracts';
import type { HandlerContext } from '@lifeos/delivery';
import type { EventOf } from '@lifeos/events';
import { Handles } from '@lifeos/kafka';
import type { Queryable } from '@lifeos/postgres';
import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';

const read = 200;

/** Longest not done first, so that of very many habits the due ones are seen. */
export const habits = `SELECT habit_id, name, coalesce(frequency, 'daily') AS frequency, to_char(last_completed_on, 'YYYY-MM-DD') AS last_completed_on,
    CASE WHEN broken_on > last_completed_on THEN 0 ELSE streak END AS current_streak FROM habits
  WHERE user_id = $1 AND NOT deleted AND name IS NOT NULL ORDER BY habits.last_completed_on NULLS FIRST, habit_id LIMIT ${read}`;

/** Handlers commute: the later name stays, so does the later completion, and what is deleted stays deleted. */
@Controller()
export class Habits {
  @Handles(HabitCreated, { name: 'list-habit-when-habit-created', versions: '^1.0.0', from: 'beginning', batch: true })
  async created(@Payload() events: readonly EventOf<typeof HabitCreated>[], @Ctx() { tx }: HandlerContext): Promise<void> {
    await storeNames(tx, events.map(({ payload, timestamp }) => ({ ...payload, deleted: false, at: timestamp })));
  }

  @Handles(HabitChanged, { name: 'list-habit-when-habit-changed', versions: '^1.0.0', from: 'beginning', batch: true })
  async changed(@Payload() events: readonly EventOf<typeof HabitChanged>[], @Ctx() { tx }: HandlerContext): Promise<void> {
    await storeNames(tx, events.map(({ payload, timestamp }) => ({ ...payload, at: timestamp })));
  }

  @Handles(HabitCompleted, { name: 'list-habit-when-habit-completed', versions: '^1.0.0', from: 'beginning', batch: true })
  async completed(@Payload() events: readonly EventOf<typeof HabitCompleted>[], @Ctx() { tx }: HandlerContext): Promise<void> {
    const sql = `INSERT INTO habits (habit_id, user_id, name, frequency, last_completed_on, streak)
      SELECT DISTINCT ON (habit_id) habit_id, user_id, nullif(habit_name, ''), frequency, completion_date, streak_count
      FROM json_to_recordset($1::json) AS n(habit_id bigint, user_id bigint, habit_name text, frequency text, completion_date date, streak_count int, place int)
      ORDER BY habit_id, completion_date DESC, place DESC
      ON CONFLICT (habit_id) DO UPDATE SET name = coalesce(habits.name, excluded.name), frequency = coalesce(habits.frequency, excluded.frequency),
        streak = CASE WHEN habits.last_completed_on > excluded.last_completed_on THEN habits.streak ELSE excluded.streak END,
        last_completed_on = greatest(habits.last_completed_on, excluded.last_completed_on)`;
    await tx.query(sql, [JSON.stringify(events.map(({ payload }, place) => ({ ...payload, place })))]);
  }

  @Handles(HabitStreakBroken, { name: 'list-habit-when-habit-streak-broken', versions: '^1.0.0', from: 'beginning', batch: true })
  async broken(@Payload() events: readonly EventOf<typeof HabitStreakBroken>[], @Ctx() { tx }: HandlerContext): Promise<void> {
    const sql = `INSERT INTO habits (habit_id, user_id, broken_on)
      SELECT habit_id, min(user_id), max(broken_date) FROM json_to_recordset($1::json) AS n(habit_id bigint, user_id bigint, broken_date date) GROUP BY habit_id
      ON CONFLICT (habit_id) DO UPDATE SET broken_on = greatest(habits.broken_on, excluded.broken_on)`;
    await tx.query(sql, [JSON.stringify(events.map(({ payload }) => payload))]);
  }
}

interface HabitName {
  readonly habit_id: number;
  readonly user_id: number;
  readonly name: string;
  readonly frequency: string;
  readonly deleted: boolean;
  readonly at: Date;
}

async function storeNames(tx: Queryable, names: readonly HabitName[]): Promise<void> {
  const sql = `INSERT INTO habits (habit_id, user_id, name, frequency, named_at, deleted)
    SELECT DISTINCT ON (habit_id) habit_id, user_id, name, frequency, at, bool_or(deleted) OVER (PARTITION BY habit_id)
    FROM json_to_recordset($1::json) AS n(habit_id bigint, user_id bigint, name text, frequency text, at timestamptz, deleted boolean, place int)
    ORDER BY habit_id, at DESC, place DESC
    ON CONFLICT (habit_id) DO UPDATE SET deleted = habits.deleted OR excluded.deleted,
      name = CASE WHEN habits.named_at <= excluded.named_at THEN excluded.name ELSE habits.name END,
      frequency = CASE WHEN habits.named_at <= excluded.named_at THEN excluded.frequency ELSE habits.frequency END,
      named_at = greatest(habits.named_at, excluded.named_at)`;
  await tx.query(sql, [JSON.stringify(names.map((name, place) => ({ ...name, place })))]);
}
