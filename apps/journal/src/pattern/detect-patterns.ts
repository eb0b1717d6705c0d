import { InsightGenerated, PatternDetected } from '@lifeos/contracts';
import type { Queryable } from '@lifeos/postgres';
import { CONSENTS, type Consents, type DailyJob, type JobContext, type PeoplePage, timeZonesOf } from '@lifeos/service';
import { Inject, Injectable } from '@nestjs/common';
import { insightFromPattern } from '../insight/insights.js';
import { insertInsights, insertPatterns, patternsAround } from '../read-models/findings.js';
import { toldAlready } from '../read-models/own-events.js';
import { drawIds } from '../read-models/own-ids.js';
import { historiesOf, peopleWithHistory, type PersonalHistory } from '../read-models/series-points.js';
import { daysAfter } from '../series/days.js';
import { dailySeries } from '../series/series.js';
import { entriesBehind } from './entries-behind.js';
import { keyOf, type Pattern, patternsIn, windowDays } from './patterns.js';

/** People whose history is in memory at once. */
const peopleAtOnce = 20;

/** Told of one person a day at most, the surest; the others are found again tomorrow. */
const patternsADay = 20;

interface Found {
  readonly userId: number;
  readonly pattern: Pattern;
  readonly entries: readonly number[];
}

/** J-4, J-5, J-6: once a day, for who allows it. */
@Injectable()
export class DetectPatterns implements DailyJob {
  readonly name = 'detect-patterns';
  /** By then the day is over in every time zone. */
  readonly hoursAfterDay = 12;

  constructor(@Inject(CONSENTS) private readonly consents: Consents) {}

  peopleAfter(db: Queryable, { day, after, limit }: PeoplePage): Promise<number[]> {
    return peopleWithHistory(db, windowAround(day).from, { after, limit });
  }

  async run(context: JobContext, userIds: readonly number[]): Promise<void> {
    const allowed = [...(await this.consents.allowing(context.tx, PatternDetected, userIds))].sort((a, b) => a - b);
    const advised = await this.consents.allowing(context.tx, InsightGenerated, allowed);
    for (let start = 0; start < allowed.length; start += peopleAtOnce) {
      const found = await this.search(context, allowed.slice(start, start + peopleAtOnce));
      await tellPatterns(context, found);
      await tellInsights(context, found.filter(({ userId }) => advised.has(userId)));
    }
  }

  private async search({ tx, day }: JobContext, userIds: readonly number[]): Promise<Found[]> {
    const zones = await timeZonesOf(tx, userIds);
    const histories = await historiesOf(tx, userIds, windowAround(day));
    const recent = new Set((await patternsAround(tx, userIds, day)).map(({ userId, ...pattern }) => `${userId} ${keyOf(pattern)}`));
    return [...histories].flatMap(([userId, history]) =>
      patternsOf(history, zones.get(userId) ?? 'UTC', day)
        .filter(({ pattern }) => !recent.has(`${userId} ${keyOf(pattern)}`))
        .slice(0, patternsADay)
        .map((found) => ({ userId, ...found })),
    );
  }
}

/** Holds the window of every time zone. */
const windowAround = (day: string): { from: Date; to: Date } => ({ from: new Date(daysAfter(day, -windowDays)), to: new Date(daysAfter(day, 2)) });

function patternsOf({ samples, entries }: PersonalHistory, zone: string, day: string): Omit<Found, 'userId'>[] {
  return patternsIn(dailySeries(samples, zone), day).map((pattern) => ({ pattern, entries: entriesBehind(pattern, entries, zone) }));
}

async function tellPatterns({ tx, day, now, raise, eventId }: JobContext, found: readonly Found[]): Promise<void> {
  const fresh = await untold(tx, found.map((one) => ({ ...one, eventId: eventId(PatternDetected.name, one.userId, keyOf(one.pattern)) })));
  const ids = await drawIds(tx, 'pattern_ids', fresh.length);
  const rows = fresh.map((one, index) => ({ ...one, ...one.pattern, patternId: ids[index] ?? 0, day, at: now }));
  await insertPatterns(tx, rows);
  for (const { userId: user_id, patternId: pattern_id, pattern } of rows) {
    const { type: pattern_type, description, confidence: confidence_score, series: related_series } = pattern;
    raise(PatternDetected, { user_id, pattern_id, pattern_type, description, confidence_score, detection_timestamp: now, related_series }, { fact: keyOf(pattern) });
  }
}

async function tellInsights({ tx, now, raise, eventId }: JobContext, found: readonly Found[]): Promise<void> {
  const candidates = found.flatMap(({ userId, pattern, entries }) => {
    const insight = insightFromPattern(pattern);
    return insight ? [{ ...insight, userId, entries, fact: keyOf(pattern), eventId: eventId(InsightGenerated.name, userId, keyOf(pattern)) }] : [];
  });
  const fresh = await untold(tx, candidates);
  const ids = await drawIds(tx, 'insight_ids', fresh.length);
  const rows = fresh.map((one, index) => ({ ...one, insightId: ids[index] ?? 0, at: now }));
  await insertInsights(tx, rows);
  for (const { userId: user_id, insightId: insight_id, type: insight_type, content, confidence: confidence_score, entries, series: related_series, fact } of rows) {
    raise(InsightGenerated, { user_id, insight_id, insight_type, content, confidence_score, source_entries: entries, related_series }, { fact });
  }
}

async function untold<T extends { readonly eventId: string }>(tx: Queryable, candidates: readonly T[]): Promise<T[]> {
  const told = await toldAlready(tx, candidates.map(({ eventId }) => eventId));
  return candidates.filter(({ eventId }) => !told.has(eventId));
}
