import type { Queryable } from '@lifeos/postgres';
import { writeHistory } from '../history/stat-history.js';
import { type EarlierLife, emptyLife, follow } from './earlier-life.js';
import { toldEventsOf } from './told-events.js';

/**
 * In a service that was rebuilt with an empty database: brings these people's values, targets,
 * milestones and history back from the service's own events, which the platform has put back into the
 * log. Everything that writes a person's stats calls this first, under the person's key lock, so no
 * event of another topic finds them missing. Otherwise it is one look into an empty index.
 *
 * `whole` says that all events are back, as they are before any handler or job runs; commands run
 * earlier, and take what there is `so far`. What they change meanwhile is newer and stays.
 */
export async function restoreEarlierLife(tx: Queryable, userIds: readonly number[], extent: 'whole' | 'so far'): Promise<void> {
  const waiting = await peopleToRestore(tx, userIds);
  for (const userId of waiting) await restorePerson(tx, userId);
  if (extent === 'whole' && waiting.length > 0) {
    await tx.query('INSERT INTO restored_people (user_id) SELECT * FROM unnest($1::bigint[]) ON CONFLICT DO NOTHING', [waiting]);
  }
}

async function peopleToRestore(tx: Queryable, userIds: readonly number[]): Promise<number[]> {
  const { rows } = await tx.query<{ user_id: string }>(
    `SELECT DISTINCT user_id FROM unnest($1::bigint[]) AS person (user_id)
     WHERE EXISTS (SELECT FROM event_log WHERE epoch = 0 AND key = person.user_id::text)
       AND NOT EXISTS (SELECT FROM restored_people r WHERE r.user_id = person.user_id)
     ORDER BY user_id`,
    [userIds],
  );
  return rows.map(({ user_id }) => Number(user_id));
}

async function restorePerson(tx: Queryable, userId: number): Promise<void> {
  const life = emptyLife();
  for await (const page of toldEventsOf(tx, userId)) {
    await writeHistory(tx, page.map((event) => follow(life, event)).filter((row) => row !== null));
  }
  await restoreCoreStats(tx, userId, life);
  await restoreLifeStats(tx, userId, life);
  await tx.query(
    'INSERT INTO milestones (user_id, stat_name, milestone_value) SELECT $1, * FROM unnest($2::text[], $3::int[]) ON CONFLICT DO NOTHING',
    [userId, life.milestones.map(({ stat_name }) => stat_name), life.milestones.map(({ milestone_value }) => milestone_value)],
  );
}

/** A line of history that no event of an earlier life stands for: this life has changed the stat. */
const changedSince = (table: string): string =>
  `EXISTS (SELECT FROM stat_history h WHERE (h.user_id, h.stat_name) = (${table}.user_id, ${table}.stat_name) AND h.event_id IS NULL)`;

async function restoreCoreStats(tx: Queryable, userId: number, { core }: EarlierLife): Promise<void> {
  await tx.query(
    `INSERT INTO core_stats (user_id, stat_name, value, experience, told_points)
     SELECT $1, stat_name, value, 0, told FROM unnest($2::text[], $3::int[], $4::int[]) AS told (stat_name, value, told)
     ON CONFLICT (user_id, stat_name) DO UPDATE
     SET told_points = excluded.told_points, value = CASE WHEN ${changedSince('core_stats')} THEN core_stats.value ELSE excluded.value END`,
    [userId, [...core.keys()], [...core.values()].map(({ value }) => value), [...core.values()].map(({ told }) => told)],
  );
}

async function restoreLifeStats(tx: Queryable, userId: number, { life }: EarlierLife): Promise<void> {
  const stats = [...life.values()];
  await tx.query(
    `INSERT INTO life_stats (user_id, stat_name, value, target, unit, source, updated_at, set_at)
     SELECT $1, * FROM unnest($2::text[], $3::numeric[], $4::float8[], $5::text[], $6::text[], $7::timestamptz[], $8::timestamptz[])
     ON CONFLICT (user_id, stat_name) DO UPDATE
     SET (value, target, unit, source, updated_at, set_at)
       = (excluded.value, excluded.target, excluded.unit, excluded.source, excluded.updated_at, excluded.set_at)
     WHERE NOT ${changedSince('life_stats')}`,
    [
      userId,
      [...life.keys()],
      stats.map(({ value }) => value),
      stats.map(({ target }) => target),
      stats.map(({ unit }) => unit),
      stats.map(({ source }) => source),
      stats.map(({ updatedAt }) => updatedAt),
      stats.map(({ setAt }) => setAt),
    ],
  );
}
