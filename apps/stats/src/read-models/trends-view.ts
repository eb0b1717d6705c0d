import type { Queryable } from '@lifeos/postgres';
import { dailySeries, type StatName } from '../trends/daily-values.js';
import { type DailyValue, daysAfter, type Fit, fitLine } from '../trends/trend.js';
import { type DetectedTrend, trendsSince } from '../trends/trend-store.js';

/** One stat of R-4. */
export interface StatTrend {
  readonly stat_name: StatName;
  /** Days with a value, oldest first. */
  readonly values: readonly DailyValue[];
  /** Null with fewer than five values, and without consent. */
  readonly fit: Fit | null;
  /** What was found and told in these days, newest first. */
  readonly detected: readonly Omit<DetectedTrend, 'user_id' | 'stat_name'>[];
}

export interface TrendsQuestion {
  readonly userId: number;
  readonly days: number;
  /** In the person's calendar. */
  readonly today: string;
  readonly timeZone: string;
  /** Without consent to analytics nothing is computed or shown but the values themselves. */
  readonly consented: boolean;
}

/** Every stat that has a value in the days asked for. */
export async function trendsOf(db: Queryable, { userId, days, today, timeZone, consented }: TrendsQuestion): Promise<StatTrend[]> {
  const first = daysAfter(today, 1 - days);
  const series = await dailySeries(db, [userId], { first, last: today }, new Map([[userId, timeZone]]));
  const detected = consented ? await trendsSince(db, userId, first) : [];
  return [...(series.get(userId) ?? [])].map(([stat_name, values]) => ({
    stat_name,
    values,
    fit: consented ? fitLine(values, days) : null,
    detected: detected.filter((trend) => trend.stat_name === stat_name).map(({ user_id: _user, stat_name: _name, ...trend }) => trend),
  }));
}
