import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventOf, grantConsents, openServiceBench, type ServiceBench } from '@lifeos/app-testing';
import { ConsentState } from '@lifeos/contracts';
import type { HandlerContext } from '@lifeos/delivery';
import type { JobContext } from '@lifeos/service';
import { storedConsents } from '@lifeos/service';
import { analytics } from '../analytics.module.js';
import { AnalyzeEngagement } from '../engagement/analyze-engagement.js';
import { DropDerivedWhenConsentEnds } from '../privacy/drop-derived-when-consent-ends.js';

const now = new Date('2026-11-21T12:00:00Z');
let bench: ServiceBench;
beforeAll(async () => {
  bench = await openServiceBench(analytics, { clock: { now: () => now } });
});
afterAll(() => bench.close());

const show = async (path: string, user: number) => (await bench.call(`/analytics/${path}/${user}`, { as: user })).body;
const stat = (user: number, area: string, value: number) =>
  bench.database.query(`INSERT INTO life_stats (user_id, area, subcategory, value, target) VALUES ($1, $2, 'other', $3, 100)
    ON CONFLICT (user_id, area, subcategory) DO UPDATE SET value = excluded.value`, [user, area, value]);
const eventsOf = async (user: number) => (await bench.events()).filter(({ key }) => key === String(user));

describe('R-19: GET /analytics/balance-score/{user_id}', () => {
  it('AN-2: reckons on demand, and publishes only what was never told or moved by 0.01', async () => {
    await grantConsents(bench.database, 1, ['analytics']);
    await stat(1, 'health', 80);
    await stat(1, 'wealth', 60);
    await stat(1, 'relationships', 70);
    const answer = { consented: true, health_score: 0.8, wealth_score: 0.6, relationships_score: 0.7, overall_balance: 0.7, calculation_timestamp: now.toISOString() };
    expect(await show('balance-score', 1)).toEqual(answer);
    expect(await show('balance-score', 1)).toEqual(answer);
    await stat(1, 'health', 80.99);
    expect(await show('balance-score', 1)).toMatchObject({ health_score: 0.8099 });
    expect(await eventsOf(1)).toHaveLength(1);
    await stat(1, 'health', 81);
    await show('balance-score', 1);
    expect((await eventsOf(1)).map(({ payload }) => payload)).toMatchObject([{ overall_balance: 0.7 }, { health_score: 0.81, overall_balance: 0.7033 }]);
  });

  it('AN-1: answers 0.5 for somebody without targets', async () => {
    await grantConsents(bench.database, 2, ['analytics']);
    expect(await show('balance-score', 2)).toMatchObject({ health_score: 0.5, overall_balance: 0.5 });
    expect(await eventsOf(2)).toHaveLength(1);
  });

  it('AN-8: reckons nothing without consent', async () => {
    await stat(3, 'health', 80);
    expect(await show('balance-score', 3)).toEqual({ consented: false });
    expect(await eventsOf(3)).toEqual([]);
  });

  it.each(['balance-score', 'trends', 'predictions'])('D-9: %s: 401 without a token, 403 for another person, 400 for no id', async (path) => {
    expect((await bench.call(`/analytics/${path}/1`)).status).toBe(401);
    expect((await bench.call(`/analytics/${path}/1`, { as: 2 })).status).toBe(403);
    expect((await bench.call(`/analytics/${path}/zero`, { as: 2 })).status).toBe(400);
  });
});

const fill = async (user: number) => {
  const values = [user, `00000000-0000-4000-8000-${String(user).padStart(12, '0')}`];
  for (const statement of [
    `INSERT INTO trends SELECT $2::uuid, $1::bigint, 'wisdom', 'increasing', 0.9, 7, '2026-11-20T12:00Z'`,
    `INSERT INTO balance_shifts SELECT $2::uuid, $1::bigint, 'decline', '{health}', 'low', '{Rest}', '2026-11-20T12:00Z'`,
    `INSERT INTO engagement SELECT $2::uuid, $1::bigint, 30, 0.25, '{"active_days": 15}', '{low_activity}', '2026-11-21T00:00Z'`,
    `INSERT INTO predictions SELECT $2::uuid, $1::bigint, 5, 'stat', '{"trend": "up", "points": []}', '{1,2}', 30, '2026-11-20T12:00Z'`,
    `INSERT INTO recommendations SELECT $2::uuid, $1::bigint, 6, 'health', 'Rest', 'low', 'positive', '2026-11-20T12:00Z', '2026-11-27T12:00Z'`,
    `INSERT INTO daily_series SELECT $1::bigint, s, '2026-11-20', 0.7, '2026-11-20T12:00Z' FROM unnest(ARRAY['balance', 'data.sleep', 'mood']) s WHERE $2 <> ''`,
    `INSERT INTO balance_history SELECT $1::bigint, '2026-11-20T12:00Z', 0.5, 0.5, 0.5 WHERE $2 <> ''`,
  ]) await bench.database.query(statement, values);
};

describe('R-19, AN-8: what was generated is shown', () => {
  it('trends, balance, shifts and engagement of the period', async () => {
    await fill(10);
    expect(await show('trends', 10)).toEqual({
      member_since: null,
      trends: [{ stat_name: 'wisdom', trend_type: 'increasing', confidence_score: 0.9, duration_days: 7, detected_at: '2026-11-20T12:00:00.000Z' }],
      balance: [{ day: '2026-11-20', value: 0.7 }],
      shifts: [{ shift_type: 'decline', affected_areas: ['health'], severity: 'low', recommended_actions: ['Rest'], shift_timestamp: '2026-11-20T12:00:00.000Z' }],
      engagement: { analysis_period_days: 30, engagement_score: 0.25, activity_patterns: { active_days: 15 }, risk_factors: ['low_activity'], analyzed_at: '2026-11-21T00:00:00.000Z' },
    });
    expect((await bench.call('/analytics/trends/10?days=1', { as: 10 })).body).toMatchObject({ trends: [], balance: [], shifts: [] });
  });

  it('forecasts and recommendations', async () => {
    await grantConsents(bench.database, 11, ['ai_insights']);
    await fill(11);
    expect(await show('predictions', 11)).toEqual({
      consented: true,
      predictions: [{
        prediction_id: 5, prediction_type: 'stat', forecast_data: { trend: 'up', points: [] }, confidence_interval: [1, 2], prediction_horizon_days: 30, predicted_at: '2026-11-20T12:00:00.000Z',
      }],
      recommendations: [{ recommendation_id: 6, recommendation_type: 'health', action: 'Rest', priority: 'low', expected_impact: 'positive', expiry_timestamp: '2026-11-27T12:00:00.000Z' }],
    });
  });

  it.each(['trends/10?days=0', 'trends/10?days=367', 'predictions/10?limit=0', 'predictions/10?limit=201'])('refuses %s', async (path) => {
    expect((await bench.call(`/analytics/${path}`, { as: 10 })).status).toBe(400);
  });
});

describe('AN-8, V-9: when consent ends', () => {
  const left = async (user: number) => {
    const tables = ['trends', 'balance_shifts', 'engagement', 'predictions', 'recommendations', 'balance_history', 'daily_series'];
    const counts = tables.map(async (table) => [table, (await bench.database.query(`SELECT FROM ${table} WHERE user_id = $1`, [user])).rowCount] as const);
    return Object.fromEntries((await Promise.all(counts)).filter(([, count]) => count > 0));
  };
  const end = async (user_id: number, ...eventTypes: string[]) => {
    const cause = eventOf(ConsentState, { user_id, revision: 2, purposes: {}, event_type_overrides: {}, changed_at: now });
    await bench.database.transaction({ keys: [String(user_id)] }, (tx) =>
      new DropDerivedWhenConsentEnds().consentsEnded([{ user_id, purposes: new Set(), eventTypes: new Set(eventTypes), cause }], { tx } as HandlerContext));
  };

  it('what was derived goes, of that person alone; copies of core events stay', async () => {
    await fill(20);
    await fill(21);
    const all = await left(21);
    await end(20, 'PredictionGenerated', 'RecommendationCreated', 'InsightGenerated');
    expect(await left(20)).toEqual({ trends: 1, balance_shifts: 1, engagement: 1, balance_history: 1, daily_series: 3 });
    await end(20, 'BalanceScoreCalculated', 'BalanceShiftDetected', 'UserEngagementAnalyzed', 'TrendDetected');
    expect(await left(20)).toEqual({ daily_series: 2 });
    await end(20, 'ExternalDataReceived');
    expect(await left(20)).toEqual({ daily_series: 1 });
    expect(await left(21)).toEqual(all);
  });
});

describe('AN-7: the daily analysis of engagement', () => {
  it('is told of who consented, at the end of the day, the same when it is run again', async () => {
    await bench.database.query(
      `INSERT INTO activity (user_id, day, event_name, events)
       SELECT u, '2026-11-20'::date - n, name, 2 FROM unnest(ARRAY[30, 31]) u, generate_series(0, 30) n, unnest(ARRAY['QuestCompleted', 'HabitStreakBroken']) name
       UNION ALL SELECT 33, '2026-01-01', 'UserRegistered', 1`,
    );
    await bench.database.query(`INSERT INTO daily_series SELECT 30, s, '2026-11-20', 1, now() FROM unnest(ARRAY['health.physical', 'health.other', 'wealth.work_company', 'mood']) s`);
    await bench.database.query(`INSERT INTO habit_days SELECT 30, n, '2026-11-20', 1 FROM generate_series(1, 3) n`);
    await grantConsents(bench.database, 30, ['analytics']);
    await grantConsents(bench.database, 33, ['analytics']);
    const job = new AnalyzeEngagement(storedConsents);
    const told: { name: string; payload: object; timestamp: Date | undefined }[] = [];
    const raise: JobContext['raise'] = (type, input, { timestamp } = {}) => {
      told.push({ name: type.name, payload: type.build(input), timestamp });
      return `00000000-0000-4000-9000-${String(input.user_id).padStart(12, '0')}`;
    };
    const people = await job.peopleAfter(bench.database, { day: '2026-11-20', after: 29, limit: 2 });
    expect(people).toEqual([30, 31]);
    expect(await job.peopleAfter(bench.database, { day: '2026-11-20', after: 31, limit: 2 })).toEqual([33]);
    expect(await job.peopleAfter(bench.database, { day: '2026-11-20', after: 33, limit: 2 })).toEqual([]);
    const run = () => bench.database.transaction({ keys: [...people, 33].map(String) }, (tx) => job.run({ tx, day: '2026-11-20', now, raise, eventId: () => 'id' }, [...people, 33]));
    await run();
    expect(told).toMatchObject([
      {
        name: 'UserEngagementAnalyzed', timestamp: new Date('2026-11-21T00:00:00Z'),
        payload: {
          user_id: 30, analysis_period_days: 30, engagement_score: 0.9, risk_factors: ['streak_loss'],
          activity_patterns: { active_days: 30, active_areas: 2, active_habits: 3, by_kind: { HabitStreakBroken: 60, QuestCompleted: 60 } },
        },
      },
      { payload: { user_id: 33, engagement_score: 0, risk_factors: ['low_activity'] } },
    ]);
    await run();
    expect(told.slice(2)).toEqual(told.slice(0, 2));
    expect((await bench.database.query('SELECT FROM engagement WHERE user_id = 30')).rowCount).toBe(1);
    expect(await show('trends', 30)).toMatchObject({ engagement: { engagement_score: 0.9 } });
  });
});
