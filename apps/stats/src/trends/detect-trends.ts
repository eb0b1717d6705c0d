import { TrendDetected } from '@lifeos/contracts';
import type { Queryable } from '@lifeos/postgres';
import { CONSENTS, type Consents, type DailyJob, type JobContext, localDay, type PeoplePage, timeZonesOf } from '@lifeos/service';
import { Inject, Injectable } from '@nestjs/common';
import { restoreEarlierLife } from '../earlier-life/restore-earlier-life.js';
import { dailySeries, type StatName } from './daily-values.js';
import { type DailyValue, daysAfter, fitLine, longestWindow, trendWindows, within } from './trend.js';
import { type DetectedTrend, saveTrends } from './trend-store.js';

/** S-14: once a day, for who consented to analytics. */
@Injectable()
export class DetectTrends implements DailyJob {
  readonly name = 'detect-trends';
  readonly hoursAfterDay = 12;

  constructor(@Inject(CONSENTS) private readonly consents: Consents) {}

  async peopleAfter(db: Queryable, { day, after, limit }: PeoplePage): Promise<number[]> {
    const { rows } = await db.query<{ user_id: string }>(
      'SELECT DISTINCT user_id FROM stat_history WHERE user_id > $1 AND recorded_at >= $2 ORDER BY user_id LIMIT $3',
      [after, `${daysAfter(day, -longestWindow)}T00:00:00Z`, limit],
    );
    return rows.map(({ user_id }) => Number(user_id));
  }

  async run({ tx, day, now, raise }: JobContext, userIds: readonly number[]): Promise<void> {
    const allowed = [...(await this.consents.allowing(tx, TrendDetected, userIds))];
    const zones = await timeZonesOf(tx, allowed);
    // Run early by command, a day may not be over yet where the person lives; its turn comes.
    const people = allowed.filter((userId) => day < localDay(now, zones.get(userId) ?? 'UTC'));
    await restoreEarlierLife(tx, people, 'whole');
    const series = await dailySeries(tx, people, { first: daysAfter(day, 1 - longestWindow), last: day }, zones);
    const found = [...series].flatMap(([userId, stats]) => [...stats].flatMap(([name, values]) => trendsOf({ userId, name, day }, values)));
    await saveTrends(tx, found);
    for (const { day: _day, ...trend } of found) raise(TrendDetected, trend, { fact: `${trend.stat_name} ${trend.duration_days}` });
  }
}

/** The windows in which a stat's values follow a line that rises or falls. */
function trendsOf({ userId, name, day }: { userId: number; name: StatName; day: string }, values: readonly DailyValue[]): DetectedTrend[] {
  return trendWindows.flatMap((window) => {
    const fit = fitLine(within(values, day, window), window);
    if (!fit || fit.confidence_score === null || fit.trend_type === null || fit.trend_type === 'stable') return [];
    const { trend_type, confidence_score } = fit;
    return [{ user_id: userId, stat_name: name, day, duration_days: window, trend_type, confidence_score }];
  });
}
