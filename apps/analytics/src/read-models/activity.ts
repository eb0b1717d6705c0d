import type { EventEnvelope } from '@lifeos/events';
import type { Queryable } from '@lifeos/postgres';

/** A day with one of these is an active day (AN-9). */
export const activeEvents: ReadonlySet<string> = new Set(['QuestCompleted', 'HabitCompleted', 'SkillPracticed', 'JournalEntryCreated']);

/** Counts each event under its person, UTC day and name (AN-9); one statement for any number. */
export async function countEvents(tx: Queryable, events: readonly EventEnvelope[]): Promise<void> {
  await tx.query(
    `INSERT INTO activity AS known (user_id, day, event_name, events)
     SELECT user_id, day, event_name, count(*)
     FROM unnest($1::bigint[], $2::date[], $3::text[]) AS event (user_id, day, event_name)
     GROUP BY user_id, day, event_name
     ON CONFLICT (user_id, day, event_name) DO UPDATE SET events = known.events + excluded.events`,
    [events.map(({ key }) => key), events.map(({ timestamp }) => dayOf(timestamp)), events.map(({ type }) => type.name)],
  );
}

const dayOf = (instant: Date): string => instant.toISOString().slice(0, 10);

/** What happened to a person on one day. */
export interface DayOfActivity {
  /** YYYY-MM-DD, UTC. */
  readonly day: string;
  readonly active: boolean;
  /** Number of events by their names. */
  readonly events: Readonly<Record<string, number>>;
}

/** The days since `from` on which anything happened, oldest first. */
export async function activityOf(db: Queryable, userId: number, from: Date): Promise<DayOfActivity[]> {
  const { rows } = await db.query<{ day: string; events: Record<string, number> }>(
    `SELECT day::text, json_object_agg(event_name, events ORDER BY event_name) AS events
     FROM activity WHERE user_id = $1 AND day >= $2::date
     GROUP BY day ORDER BY day`,
    [userId, dayOf(from)],
  );
  return rows.map(({ day, events }) => ({ day, active: Object.keys(events).some((name) => activeEvents.has(name)), events }));
}

/** Everybody of whom anything was ever heard, by rising id; finds each by the index instead of reading all days. */
export async function peopleWithActivity(db: Queryable, after: number, limit: number): Promise<number[]> {
  const { rows } = await db.query<{ user_id: string }>(
    `WITH RECURSIVE person (user_id) AS (
       SELECT min(user_id) FROM activity WHERE user_id > $1
       UNION ALL SELECT (SELECT min(user_id) FROM activity WHERE user_id > person.user_id) FROM person WHERE person.user_id IS NOT NULL
     ) SELECT user_id FROM person WHERE user_id IS NOT NULL LIMIT $2`,
    [after, limit],
  );
  return rows.map(({ user_id }) => Number(user_id));
}
