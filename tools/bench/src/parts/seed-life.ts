import { benchDatabase, runOnce } from './bench-database.js';
import type { BenchEnv } from '../harness/scenario.js';

/** Somebody whose past is written, and the habit that it tells of. */
export interface Seeded {
  readonly userId: number;
  readonly habitId: number;
}

/** Of 10,000 data points: what each table holds of one person. */
const shares = {
  ledger: 1_000, notices: 200, quests: 300, lifeStatDays: 360, statHistory: 3_000, seriesPoints: 2_540, entries: 200,
  dailySeries: 1_200, activity: 600, questDays: 200, habitCompletions: 400,
};
export const pointsOfFullLife = Object.values(shares).reduce((sum, count) => sum + count, 0);

/** Ids of the past begin here, and those of the present behind them. */
const firstId = 1_000_000;
const idsAPerson = 1_000;
/** SQL: whether a quest is one of the past. */
export const ofSeededQuest = "status = 'completed' AND status_at < now() - interval '12 hours'";

const lifeStats = `(SELECT * FROM (VALUES ('health','physical'),('health','mental_emotional'),('health','food_nutrients'),('health','other'),
  ('wealth','work_company'),('wealth','finance_savings_investments'),('wealth','personal_growth_reading'),('relationships','family'),
  ('relationships','friendships'),('relationships','romance'),('relationships','social_skills'),('relationships','adventure_exploration')) AS named (category, part))`;
const nameOf = (n: string): string => `(SELECT category || '.' || part FROM ${lifeStats} AS l OFFSET ${n} % 12 LIMIT 1)`;

/** One statement for each table, as the service's own code would have left its rows. `of(table)` is how many a person has. */
function statements(people: readonly Seeded[], of: (table: keyof typeof shares) => number): Readonly<Record<string, readonly string[]>> {
  const person = `unnest('{${people.map(({ userId }) => userId)}}'::bigint[], '{${people.map(({ habitId }) => habitId)}}'::bigint[]) WITH ORDINALITY AS p (user_id, habit_id, place)`;
  const rows = (table: keyof typeof shares): string => `${person}, generate_series(1, ${of(table)}) AS n`;
  const id = `${firstId} + place * ${idsAPerson} + n`;
  const total = `(SELECT sum(5 + n % 40) FROM generate_series(1, ${of('ledger')}) AS n)`;
  const value = '50 + 30 * sin(n / 9.0 + place)';
  const beyondIds = firstId + (people.length + 1) * idsAPerson;
  return {
    dashboard: [
      `INSERT INTO experience_ledger (source_event_id, user_id, amount, source_type, source_id, reason, booked_at)
       SELECT gen_random_uuid(), user_id, 5 + n % 40, (ARRAY['quest', 'habit', 'skill'])[1 + n % 3], n, 'Quest completed', now() - n * interval '9 hours' FROM ${rows('ledger')}`,
      `INSERT INTO experience (user_id, total) SELECT user_id, ${total} FROM ${person} ON CONFLICT (user_id) DO UPDATE SET total = experience.total + excluded.total`,
      `INSERT INTO notices (event_id, user_id, kind, title, details, created_at, read_at)
       SELECT gen_random_uuid(), user_id, 'level', 'Level ' || n, '{}', now() - n * interval '1 day', CASE WHEN n > 20 THEN now() END FROM ${rows('notices')}`,
      `INSERT INTO quests (quest_id, user_id, quest_type, title, difficulty, status, status_at)
       SELECT ${id}, user_id, 'daily', 'Walk ' || n, 'easy', 'completed', now() - n * interval '1 day' FROM ${rows('quests')}`,
      `INSERT INTO life_stats (user_id, category, subcategory, value, target, unit, source, updated_at)
       SELECT user_id, category, part, 50, 100, '', 'manual', now() - interval '1 day' FROM ${person}, ${lifeStats} AS l`,
      `INSERT INTO life_stat_days (user_id, category, subcategory, day, value)
       SELECT user_id, category, part, current_date - n, ${value} FROM ${person}, ${lifeStats} AS l, generate_series(1, ${of('lifeStatDays')} / 12) AS n`,
    ],
    quests: [
      `INSERT INTO quests (quest_id, user_id, quest_type, title, difficulty, experience_reward, status, created_at, completed_at, stream_version)
       SELECT ${id}, user_id, 'daily', 'Walk ' || n, 'easy', 25, 'completed', now() - n * interval '1 day' - interval '1 hour', now() - n * interval '1 day', 3 FROM ${rows('quests')}`,
      `INSERT INTO habit_completions (habit_id, completion_date, count, notes, streak_count, experience_reward, completed_at)
       SELECT habit_id, current_date - 2 - n::int, 1, '', 1, 10, now() - (n + 2) * interval '1 day' FROM ${rows('habitCompletions')}`,
      `SELECT setval('quest_ids', ${beyondIds})`,
    ],
    stats: [
      `INSERT INTO stat_history (user_id, stat_type, stat_name, old_value, new_value, reason, recorded_at)
       SELECT user_id, 'life', ${nameOf('n')}, round((${value})::numeric, 2), round((${value} + 1)::numeric, 2), 'manual', now() - n * interval '2 hours' FROM ${rows('statHistory')}`,
      `INSERT INTO life_stats (user_id, stat_name, value, target, unit, source, updated_at, set_at)
       SELECT user_id, category || '.' || part, 50, 100, '', 'manual', now() - interval '1 day', now() - interval '1 day' FROM ${person}, ${lifeStats} AS l`,
      `INSERT INTO user_experience (user_id, total_experience) SELECT user_id, ${total} FROM ${person}
       ON CONFLICT (user_id) DO UPDATE SET total_experience = user_experience.total_experience + excluded.total_experience`,
    ],
    journal: [
      `INSERT INTO entries (entry_id, user_id, entry_type, title, content, word_count, mood, tags, created_at, updated_at)
       SELECT ${id}, user_id, 'daily', 'Day ' || n, repeat('A good day in the hills. ', 20), 120, 1 + n % 10, '{daily}', now() - n * interval '1 day', now() - n * interval '1 day' FROM ${rows('entries')}`,
      `INSERT INTO series_points (user_id, series, at, total, last_value, last_at)
       SELECT user_id, ${nameOf('n')}, date_trunc('hour', now()) - n * interval '2 hours', ${value}, ${value}, now() - n * interval '2 hours' FROM ${rows('seriesPoints')}`,
      `SELECT setval('entry_ids', ${beyondIds})`,
    ],
    analytics: [
      `INSERT INTO daily_series (user_id, series, day, value, at)
       SELECT user_id, category || '.' || part, current_date - n, ${value}, now() - n * interval '1 day' FROM ${person}, ${lifeStats} AS l, generate_series(1, ${of('dailySeries')} / 12) AS n`,
      `INSERT INTO activity (user_id, day, event_name, events)
       SELECT user_id, current_date - n, name, 3 FROM ${person}, unnest(ARRAY['QuestCompleted', 'HabitCompleted', 'LifeStatUpdated']) AS name, generate_series(1, ${of('activity')} / 3) AS n`,
      `INSERT INTO quest_days (user_id, day, created, completed) SELECT user_id, current_date - n, 2, 2 FROM ${rows('questDays')}`,
      `INSERT INTO life_stats (user_id, area, subcategory, value, target) SELECT user_id, category, part, 50, 100 FROM ${person}, ${lifeStats} AS l`,
    ],
    achievements: [
      `INSERT INTO user_contexts (user_id, registrations, level, total_experience, quests_completed, longest_streak, highest_stat, highest_skill_level, journal_entries, integrations)
       SELECT user_id, 1, 1, ${total}, ${of('quests')}, 1, 10, 1, ${of('entries')}, 0 FROM ${person}
       ON CONFLICT (user_id) DO UPDATE SET total_experience = excluded.total_experience, quests_completed = excluded.quests_completed, journal_entries = excluded.journal_entries`,
    ],
  };
}

/**
 * Writes years of a life straight into the databases of services that stand still, which would take hours by
 * way of their APIs. Returns the number of data points of each person.
 */
export async function seedLives(env: BenchEnv, people: readonly Seeded[]): Promise<number> {
  const of = (table: keyof typeof shares): number => (env.quick ? Math.ceil(shares[table] / 20) : shares[table]);
  const work = Object.entries(statements(people, of)).map(async ([service, all]) => {
    const { url } = benchDatabase(env.postgresUrl, service);
    for (const sql of all) await runOnce(url, sql);
    // As autovacuum has long done for data that came by and by.
    await runOnce(url, 'VACUUM ANALYZE');
  });
  await Promise.all(work);
  return (Object.keys(shares) as (keyof typeof shares)[]).reduce((sum, table) => sum + of(table), 0);
}
