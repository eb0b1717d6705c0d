import type { TrendDetectedInput } from '@lifeos/contracts';
import type { Queryable } from '@lifeos/postgres';
import { localDay } from '@lifeos/service';
import type { DailyValue } from './trend.js';

export type StatName = TrendDetectedInput['stat_name'];

/** Days that are asked for, both included. */
export interface Days {
  readonly first: string;
  readonly last: string;
}

/** Each person's stats, day by day in the person's calendar, oldest first. */
export type DailySeries = Map<number, Map<StatName, DailyValue[]>>;

/**
 * The last value of each day, from the history. The database thins it out to one line a quarter of an
 * hour: days begin at one in every time zone, and only this process and not the server knows the zones
 * that people may name.
 */
export async function dailySeries(db: Queryable, userIds: readonly number[], days: Days, zones: ReadonlyMap<number, string>): Promise<DailySeries> {
  const { rows } = await db.query<{ user_id: string; stat_name: StatName; new_value: string; recorded_at: Date }>(
    `SELECT DISTINCT ON (user_id, stat_name, quarter) user_id, stat_name, new_value, recorded_at
     FROM (
       SELECT *, floor(extract(epoch FROM recorded_at) / 900) AS quarter FROM stat_history
       WHERE user_id = ANY ($1::bigint[]) AND stat_type IN ('core', 'life')
         AND recorded_at >= ($2::date - 1)::timestamp AT TIME ZONE 'UTC' AND recorded_at < ($3::date + 2)::timestamp AT TIME ZONE 'UTC'
     ) AS line
     ORDER BY user_id, stat_name, quarter, recorded_at DESC, history_id DESC`,
    [userIds, days.first, days.last],
  );
  const series = new Map<number, Map<StatName, Map<string, number>>>();
  for (const { user_id, stat_name, new_value, recorded_at } of rows) {
    const userId = Number(user_id);
    const day = localDay(recorded_at, zones.get(userId) ?? 'UTC');
    if (day >= days.first && day <= days.last) put(series, userId, stat_name).set(day, Number(new_value));
  }
  return new Map([...series].map(([userId, stats]) => [userId, new Map([...stats].map(([name, values]) => [name, listed(values)]))]));
}

function put(series: Map<number, Map<StatName, Map<string, number>>>, userId: number, name: StatName): Map<string, number> {
  const stats = series.get(userId) ?? new Map<StatName, Map<string, number>>();
  const values = stats.get(name) ?? new Map<string, number>();
  series.set(userId, stats.set(name, values));
  return values;
}

/** Lines come in the order of time, so days do too. */
const listed = (values: ReadonlyMap<string, number>): DailyValue[] => [...values].map(([day, value]) => ({ day, value }));
