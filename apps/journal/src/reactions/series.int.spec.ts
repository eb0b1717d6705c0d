import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventOf, grantConsents, openReactionBench, type ReactionBench } from '@lifeos/app-testing';
import { BalanceShiftDetected, CoreStatUpdated, ExternalDataReceived, HabitCompleted, LifeStatUpdated, QuestCompleted, TrendDetected, UserProfileUpdated } from '@lifeos/contracts';
import { storedConsents, timeZonesOf } from '@lifeos/service';
import { insightsOf } from '../read-models/findings.js';
import { historiesOf } from '../read-models/series-points.js';
import { dailySeries } from '../series/series.js';
import { AddToSeriesWhenCoreStatUpdated } from './add-to-series-when-core-stat-updated.js';
import { AddToSeriesWhenExternalDataReceived } from './add-to-series-when-external-data-received.js';
import { AddToSeriesWhenHabitCompleted } from './add-to-series-when-habit-completed.js';
import { AddToSeriesWhenLifeStatUpdated } from './add-to-series-when-life-stat-updated.js';
import { AddToSeriesWhenQuestCompleted } from './add-to-series-when-quest-completed.js';
import { AddToSeriesWhenTrendDetected } from './add-to-series-when-trend-detected.js';
import { GiveInsightWhenBalanceShiftDetected } from './give-insight-when-balance-shift-detected.js';
import { GiveInsightWhenTrendDetected } from './give-insight-when-trend-detected.js';
import { RememberTimeZoneWhenUserProfileUpdated } from './remember-time-zone-when-user-profile-updated.js';

const late = new Date('2026-12-31T23:30:00Z');
const later = new Date('2026-12-31T23:40:00Z');
const nextDay = new Date('2027-01-01T00:10:00Z');

const core = (user_id: number, new_value: number, when: Date) => eventOf(CoreStatUpdated, { user_id, stat_name: 'strength', previous_value: 9, new_value, source: 'manual' }, when);
const life = (user_id: number, new_value: number, when: Date) =>
  eventOf(LifeStatUpdated, { user_id, category: 'health', subcategory: 'physical', previous_value: 0, new_value, unit: 'min', source: 'manual' }, when);
const quest = (user_id: number, when: Date) => eventOf(QuestCompleted, { user_id, quest_id: 1, quest_type: 'side', experience_reward: 1, completion_timestamp: when, auto_completed: false }, when);
const habit = (user_id: number, completion_date: string, when: Date) => eventOf(HabitCompleted, { user_id, habit_id: 1, completion_date, streak_count: 1, experience_reward: 1 }, when);
const data = (user_id: number, data_points_count: number, when: Date) =>
  eventOf(ExternalDataReceived, { user_id, integration_id: 1, data_type: 'sleep', data_points_count, sync_timestamp: when, data_quality_score: 1 }, when);
const trend = (user_id: number, trend_type: 'increasing' | 'decreasing', confidence_score: number, when = late) =>
  eventOf(TrendDetected, { user_id, stat_name: 'strength', trend_type, confidence_score, duration_days: 30 }, when);
const shift = (user_id: number, severity: 'low' | 'moderate' | 'high') =>
  eventOf(BalanceShiftDetected, { user_id, shift_type: 'decline', affected_areas: ['health'], severity, shift_timestamp: late, recommended_actions: ['Walk.'] }, late);
const moved = (user_id: number, time_zone: string) => eventOf(UserProfileUpdated, { user_id, updated_fields: { time_zone }, previous_values: { time_zone: 'UTC' } });

let bench: ReactionBench;
let person = 0;
beforeAll(async () => {
  bench = await openReactionBench(new URL('../../migrations/', import.meta.url));
});
afterAll(() => bench.close());

const seriesOf = async (user: number): Promise<Record<string, Record<string, number>>> => {
  const histories = await historiesOf(bench.database, [user], { from: new Date('2026-12-01'), to: new Date('2027-02-01') });
  const zone = (await timeZonesOf(bench.database, [user])).get(user) ?? 'UTC';
  return Object.fromEntries([...dailySeries(histories.get(user)?.samples ?? [], zone)].map(([name, days]) => [name, Object.fromEntries(days)]));
};

/** One topic after the other, in the order that `order` gives. */
const feed = async (user: number, order: (deliveries: (() => Promise<unknown>)[]) => (() => Promise<unknown>)[]): Promise<void> => {
  const deliveries = [
    () => bench.handle(new AddToSeriesWhenCoreStatUpdated(), core(user, 11, late), core(user, 12, later), core(user, 13, nextDay)),
    () => bench.handle(new AddToSeriesWhenLifeStatUpdated(), life(user, 30.5, later), life(user, 20, late)),
    () => bench.handle(new AddToSeriesWhenQuestCompleted(), quest(user, late), quest(user, later), quest(user, nextDay)),
    () => bench.handle(new AddToSeriesWhenHabitCompleted(), habit(user, '2026-12-30', nextDay), habit(user, '2026-12-30', nextDay), habit(user, '2026-12-31', nextDay)),
    () => bench.handle(new AddToSeriesWhenExternalDataReceived(), data(user, 4, late), data(user, 3, nextDay)),
    () => bench.handle(new AddToSeriesWhenTrendDetected(), trend(user, 'decreasing', 0.8)),
    () => bench.handle(new RememberTimeZoneWhenUserProfileUpdated(), moved(user, 'Europe/Berlin')),
  ];
  for (const deliver of order(deliveries)) await deliver();
};

const inBerlin = {
  strength: { '2027-01-01': 13 },
  'health.physical': { '2027-01-01': 30.5 },
  quest_completions: { '2027-01-01': 3 },
  habit_completions: { '2026-12-30': 2, '2026-12-31': 1 },
  'data.sleep': { '2027-01-01': 7 },
  'trend.strength': { '2027-01-01': -0.8 },
};

describe('J-3: series', () => {
  it("days are UTC's until the zone is heard of, then the person's own, for what was before as well", async () => {
    const user = ++person;
    await feed(user, (deliveries) => deliveries.slice(0, -1));
    expect(await seriesOf(user)).toEqual({
      ...inBerlin,
      strength: { '2026-12-31': 12, '2027-01-01': 13 },
      'health.physical': { '2026-12-31': 30.5 },
      quest_completions: { '2026-12-31': 2, '2027-01-01': 1 },
      'data.sleep': { '2026-12-31': 4, '2027-01-01': 3 },
      'trend.strength': { '2026-12-31': -0.8 },
    });
    await feed(user, (deliveries) => deliveries.slice(-1));
    expect(await seriesOf(user)).toEqual(inBerlin);
  });

  it('are the same whatever order the topics come in', async () => {
    const user = ++person;
    await feed(user, (deliveries) => deliveries.toReversed());
    expect(await seriesOf(user)).toEqual(inBerlin);
  });

  it('the later state of a stat holds, also when it is heard of first', async () => {
    const user = ++person;
    await bench.handle(new AddToSeriesWhenCoreStatUpdated(), core(user, 20, later));
    await bench.handle(new AddToSeriesWhenCoreStatUpdated(), core(user, 10, late));
    expect(await seriesOf(user)).toEqual({ strength: { '2026-12-31': 20 } });
  });

  it('a zone that nobody knows changes nothing', async () => {
    const user = ++person;
    await bench.handle(new AddToSeriesWhenQuestCompleted(), quest(user, late));
    await bench.handle(new RememberTimeZoneWhenUserProfileUpdated(), moved(user, 'Middle/Earth'));
    expect(await seriesOf(user)).toEqual({ quest_completions: { '2026-12-31': 1 } });
  });
});

describe('J-6: insights from trends and shifts', () => {
  const whenTrend = new GiveInsightWhenTrendDetected(storedConsents);
  const whenShift = new GiveInsightWhenBalanceShiftDetected(storedConsents);
  const page = { limit: 50, offset: 0 };

  it('are kept and told for who allows it, by the time of their cause', async () => {
    const user = ++person;
    await grantConsents(bench.database, user, ['ai_insights']);
    const raised = [...(await bench.handle(whenTrend, trend(user, 'decreasing', 0.71))), ...(await bench.handle(whenShift, shift(user, 'moderate')))];
    expect(raised.map(({ type, payload }) => [type.name, payload])).toMatchObject([
      ['InsightGenerated', { insight_type: 'trend', confidence_score: 0.71, source_entries: [], related_series: ['strength'] }],
      ['InsightGenerated', { insight_type: 'balance', confidence_score: 0.75, source_entries: [], related_series: [] }],
    ]);
    const kept = await insightsOf(bench.database, user, page);
    expect(kept.map(({ insight_type, generated_at }) => [insight_type, generated_at])).toEqual([['balance', late], ['trend', late]]);
    expect(raised.toReversed().map(({ payload }) => payload)).toMatchObject(kept.map(({ insight_id, content }) => ({ insight_id, content })));
  });

  it('are none at 0.7 exactly, nor for a low shift', async () => {
    const user = ++person;
    await grantConsents(bench.database, user, ['ai_insights']);
    expect(await bench.handle(whenTrend, trend(user, 'increasing', 0.7))).toEqual([]);
    expect(await bench.handle(whenShift, shift(user, 'low'))).toEqual([]);
  });

  it('V-6: are none without consent, nor where the person refuses this kind of event', async () => {
    const [unknown, other, refusing, onlyThis] = [++person, ++person, ++person, ++person];
    await grantConsents(bench.database, other, ['analytics']);
    await grantConsents(bench.database, refusing, ['ai_insights'], { InsightGenerated: false });
    await grantConsents(bench.database, onlyThis, [], { InsightGenerated: true });
    const raised = await bench.handle(whenTrend, ...[unknown, other, refusing, onlyThis].map((user) => trend(user, 'increasing', 0.9)));
    expect(raised.map(({ key }) => key)).toEqual([String(onlyThis)]);
    expect(await insightsOf(bench.database, unknown, page)).toEqual([]);
  });
});
