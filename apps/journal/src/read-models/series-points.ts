import type { Queryable } from '@lifeos/postgres';
import { quarterOf } from '../series/days.js';
import { kindOf, type Sample } from '../series/series.js';

/** Something about a person at one time. */
export type PersonalSample = Sample & { readonly userId: number };

interface Point extends PersonalSample {
  total: number;
  last: number;
  lastAt: Date;
}

/** Adds what a batch of events tells, in their order. Each event once: points add up. */
export async function addSamples(tx: Queryable, samples: readonly PersonalSample[]): Promise<void> {
  if (samples.length === 0) return;
  const points = [...pointsOf(samples).values()];
  await tx.query(
    `INSERT INTO series_points AS p (user_id, series, at, total, last_value, last_at)
     SELECT * FROM unnest($1::bigint[], $2::text[], $3::timestamptz[], $4::float8[], $5::float8[], $6::timestamptz[])
     ON CONFLICT (user_id, series, at) DO UPDATE SET
       total = p.total + excluded.total,
       last_value = CASE WHEN excluded.last_at >= p.last_at THEN excluded.last_value ELSE p.last_value END,
       last_at = greatest(p.last_at, excluded.last_at)`,
    [
      points.map(({ userId }) => userId),
      points.map(({ series }) => series),
      points.map(({ at }) => at),
      points.map(({ total }) => total),
      points.map(({ last }) => last),
      points.map(({ lastAt }) => lastAt),
    ],
  );
}

function pointsOf(samples: readonly PersonalSample[]): Map<string, Point> {
  const points = new Map<string, Point>();
  for (const { userId, series, at, value } of samples) {
    const quarter = quarterOf(at);
    const key = JSON.stringify([userId, series, quarter.getTime()]);
    const known = points.get(key);
    if (!known) points.set(key, { userId, series, at: quarter, value, total: value, last: value, lastAt: at });
    else {
      known.total += value;
      if (at >= known.lastAt) Object.assign(known, { last: value, lastAt: at });
    }
  }
  return points;
}

/** Part of an entry that series are made of. */
export interface EntryMark {
  readonly entryId: number;
  readonly at: Date;
}

/** What is known of one person in a stretch of time. */
export interface PersonalHistory {
  readonly samples: Sample[];
  /** Entries of that time, oldest first. */
  readonly entries: EntryMark[];
}

/** From one instant up to another, mood and words included; people without anything are missing. */
export async function historiesOf(db: Queryable, userIds: readonly number[], { from, to }: { from: Date; to: Date }): Promise<Map<number, PersonalHistory>> {
  const histories = new Map<number, PersonalHistory>();
  const of = (userId: string): PersonalHistory => {
    const known = histories.get(Number(userId)) ?? { samples: [], entries: [] };
    histories.set(Number(userId), known);
    return known;
  };
  const points = await db.query<{ user_id: string; series: string; at: Date; total: number; last_value: number }>(
    'SELECT user_id, series, at, total, last_value FROM series_points WHERE user_id = ANY ($1::bigint[]) AND at >= $2 AND at < $3',
    [userIds, from, to],
  );
  for (const { user_id, series, at, total, last_value } of points.rows) of(user_id).samples.push({ series, at, value: kindOf(series) === 'sum' ? total : last_value });
  const entries = await db.query<{ user_id: string; entry_id: string; created_at: Date; mood: number | null; word_count: number }>(
    `SELECT user_id, entry_id, created_at, mood, word_count FROM entries
     WHERE user_id = ANY ($1::bigint[]) AND created_at >= $2 AND created_at < $3 AND deleted_at IS NULL ORDER BY created_at, entry_id`,
    [userIds, from, to],
  );
  for (const { user_id, entry_id, created_at: at, mood, word_count } of entries.rows) {
    const history = of(user_id);
    history.entries.push({ entryId: Number(entry_id), at });
    history.samples.push({ series: 'words', at, value: word_count });
    if (mood !== null) history.samples.push({ series: 'mood', at, value: mood });
  }
  return histories;
}

/** People with anything since an instant, ids rising. */
export async function peopleWithHistory(db: Queryable, since: Date, { after, limit }: { after: number; limit: number }): Promise<number[]> {
  const { rows } = await db.query<{ user_id: string }>(
    `SELECT user_id FROM (
       (SELECT DISTINCT user_id FROM series_points WHERE user_id > $1 AND at >= $2 ORDER BY user_id LIMIT $3)
       UNION
       (SELECT DISTINCT user_id FROM entries WHERE user_id > $1 AND created_at >= $2 AND deleted_at IS NULL ORDER BY user_id LIMIT $3)
     ) AS person ORDER BY user_id LIMIT $3`,
    [after, since, limit],
  );
  return rows.map(({ user_id }) => Number(user_id));
}

/** Forgets a series, or all whose names begin so. */
export async function forgetSeries(tx: Queryable, userIds: readonly number[], prefix: string): Promise<void> {
  await tx.query('DELETE FROM series_points WHERE user_id = ANY ($1::bigint[]) AND starts_with(series, $2)', [userIds, prefix]);
}
