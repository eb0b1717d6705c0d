import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  BalanceScoreCalculated, BalanceShiftDetected, DataSyncCompleted, DataSyncFailed, ExternalDataReceived, InsightGenerated, IntegrationConnected, PatternDetected,
  PredictionGenerated, RecommendationCreated, SkillRecommendationGenerated, TrendDetected, UserEngagementAnalyzed,
} from '@lifeos/contracts';
import type { HandlerContext } from '@lifeos/delivery';
import { newEventId, type EventEnvelope } from '@lifeos/events';
import { eventOf, grantConsents, openReactionBench, type ReactionBench } from '@lifeos/app-testing';
import type { ConsentPurpose } from '@lifeos/service';
import { homeStatement, type HomeRow } from '../home/home-statement.js';
import { noticesOf } from '../notices/notice-store.js';
import { overviewStatement, type OverviewRow } from '../overview/overview-statement.js';
import { NotifyWhenBalanceShiftDetected } from '../reactions/notify-when-balance-shift-detected.js';
import { NotifyWhenDataSyncFailed } from '../reactions/notify-when-data-sync-failed.js';
import { NotifyWhenExternalDataReceived } from '../reactions/notify-when-external-data-received.js';
import { NotifyWhenInsightGenerated } from '../reactions/notify-when-insight-generated.js';
import { NotifyWhenPatternDetected } from '../reactions/notify-when-pattern-detected.js';
import { NotifyWhenRecommendationCreated } from '../reactions/notify-when-recommendation-created.js';
import { NotifyWhenTrendDetected } from '../reactions/notify-when-trend-detected.js';
import { NotifyWhenUserEngagementAnalyzed } from '../reactions/notify-when-user-engagement-analyzed.js';
import { Derived } from '../read-models/derived.js';
import { Integrations } from '../read-models/integrations.js';
import { DropDerivedWhenConsentEnds } from './drop-derived-when-consent-ends.js';

const at = (minutes: number) => new Date(Date.UTC(2026, 10, 21, 12, minutes));
const now = at(30);
const expiry = at(60);
let bench: ReactionBench;
let person = 0;
beforeAll(async () => {
  bench = await openReactionBench(new URL('../../migrations/', import.meta.url));
});
afterAll(() => bench.close());

const feed = <E extends EventEnvelope>(handle: (events: readonly E[], context: HandlerContext) => Promise<void>, ...events: E[]) => bench.handle({ handle }, ...events);
const homeOf = async (user: number, time = now) => (await bench.database.query<HomeRow>(homeStatement, [user, time])).rows[0];
const kindsOf = async (user: number, time = now) => (await noticesOf(bench.database, user, { now: time, limit: 50, offset: 0 })).map(({ kind }) => kind).sort();

const everything: ConsentPurpose[] = ['ai_insights', 'analytics', 'external_integrations'];
const aiKinds = ['insight', 'pattern', 'recommendation'];
const analyticsKinds = ['balance_shift', 'risk', 'trend'];
const externalKinds = ['data_quality', 'sync_failure'];

/** The bench delivers an event once, whatever the handler. */
const again = <E extends EventEnvelope>(event: E): E => ({ ...event, eventId: newEventId() });

/** One event of each sensitive type that dashboard hears. */
async function tellAll(user_id: number): Promise<void> {
  const model = new Derived();
  const insight = eventOf(InsightGenerated, { user_id, insight_id: 1, insight_type: 'mood', content: 'Sleep helps.', confidence_score: 0.8, source_entries: [] }, at(1));
  const recommendation = eventOf(RecommendationCreated, { user_id, recommendation_id: 1, recommendation_type: 'health', action: 'Walk', priority: 'low', expected_impact: 'positive', expiry_timestamp: expiry }, at(1));
  const shift = eventOf(BalanceShiftDetected, { user_id, shift_type: 'decline', affected_areas: ['health', 'wealth'], severity: 'low', shift_timestamp: at(1), recommended_actions: [] }, at(1));
  const engagement = eventOf(UserEngagementAnalyzed, { user_id, analysis_period_days: 30, engagement_score: 0.2, activity_patterns: {}, risk_factors: ['low_activity'] }, at(1));
  const trend = eventOf(TrendDetected, { user_id, stat_name: 'health.physical', trend_type: 'decreasing', confidence_score: 0.8, duration_days: 7 }, at(1));
  const received = eventOf(ExternalDataReceived, { user_id, integration_id: user_id, data_type: 'sleep', data_points_count: 1, sync_timestamp: at(1), data_quality_score: 0.5 }, at(1));
  const failed = eventOf(DataSyncFailed, { user_id, integration_id: user_id, sync_job_id: 'j', error_code: 'TIMEOUT', error_message: 'slow', retry_count: 0 }, at(2));
  const pattern = eventOf(PatternDetected, { user_id, pattern_id: 1, pattern_type: 'mood', description: 'Mood falls.', confidence_score: 0.8, detection_timestamp: at(1) }, at(1));
  await feed(new Integrations().connected, eventOf(IntegrationConnected, { user_id, integration_id: user_id, service_name: 'strava', integration_type: 'health', connection_timestamp: at(0) }));
  await feed(model.insight, insight);
  await feed(model.recommendation, recommendation);
  await feed(model.shift, shift);
  await feed(model.engagement, engagement);
  await feed(model.trend, trend);
  await feed(model.received, received);
  await feed(model.failed, failed);
  await feed(model.synced, eventOf(DataSyncCompleted, { user_id, integration_id: user_id, sync_job_id: 'i', records_processed: 3, sync_duration_ms: 5, success: true }, at(1)));
  await feed(model.prediction, eventOf(PredictionGenerated, { user_id, prediction_id: 1, prediction_type: 'trend', forecast_data: { trend: 'up' }, confidence_interval: [1, 2], prediction_horizon_days: 30 }, at(1)));
  await feed(model.skills, eventOf(SkillRecommendationGenerated, { user_id, recommended_skill_ids: [1], recommendation_reason: 'stagnant', confidence_score: 0.5, recommended_skill_names: ['Running'] }, at(1)));
  const scores = { health_score: 0.5, wealth_score: 0.7, relationships_score: 0.6, overall_balance: 0.6 };
  await feed(model.balance, eventOf(BalanceScoreCalculated, { user_id, ...scores, calculation_timestamp: at(1) }));
  await bench.handle(new NotifyWhenInsightGenerated(), again(insight));
  await bench.handle(new NotifyWhenPatternDetected(), again(pattern));
  await bench.handle(new NotifyWhenRecommendationCreated(), again(recommendation));
  await bench.handle(new NotifyWhenBalanceShiftDetected(), again(shift));
  await bench.handle(new NotifyWhenUserEngagementAnalyzed(), again(engagement));
  await bench.handle(new NotifyWhenTrendDetected(), again(trend));
  await bench.handle(new NotifyWhenExternalDataReceived(), again(received));
  await bench.handle(new NotifyWhenDataSyncFailed(), again(failed));
}

async function end(user_id: number, eventTypes: string[]): Promise<void> {
  const listener = new DropDerivedWhenConsentEnds();
  await feed(
    async ([cause], context) => {
      if (cause) await listener.consentsEnded([{ user_id, purposes: new Set(), eventTypes: new Set(eventTypes), cause }], context);
    },
    eventOf(IntegrationConnected, { user_id, integration_id: user_id, service_name: 'strava', integration_type: 'health', connection_timestamp: at(0) }),
  );
}

describe('D-6, D-7: what sensitive events tell', () => {
  it('is on home and in notices with consent, each event once', async () => {
    const user = ++person;
    await grantConsents(bench.database, user, everything);
    await tellAll(user);
    const home = await homeOf(user);
    expect(home).toMatchObject({
      insights: [{ insight_id: 1, content: 'Sleep helps.', at: '2026-11-21T12:01:00.000Z', expires_at: null }],
      predictions: [{ prediction_id: 1, forecast_data: { trend: 'up' } }],
      recommendations: [{ recommendation_id: 1, expires_at: '2026-11-21T13:00:00.000Z' }],
      skill_recommendations: [{ recommended_skill_names: ['Running'] }],
      balance: [{ overall_balance: 0.6 }],
      engagement: [{ engagement_score: 0.2, risk_factors: ['low_activity'] }],
      integrations: [{ last_sync: { records_processed: 3 }, last_failure: { error_code: 'TIMEOUT' }, last_data: { data_quality_score: 0.5 } }],
      unread_count: '8',
    });
    expect(await kindsOf(user)).toEqual([...aiKinds, ...analyticsKinds, ...externalKinds].sort());
  });

  it('V-6: is not shown without consent, and a single event type follows its own word (V-5)', async () => {
    const user = ++person;
    await tellAll(user);
    const none = { insights: [], predictions: [], recommendations: [], skill_recommendations: [], balance: [], engagement: [], unread_count: '0', newest_unread: [] };
    expect(await homeOf(user)).toMatchObject({ ...none, integrations: [{ service_name: 'strava', last_sync: null, last_failure: null, last_data: null }] });
    expect(await kindsOf(user)).toEqual([]);
    await grantConsents(bench.database, user, ['analytics'], { InsightGenerated: true, TrendDetected: false });
    expect(await kindsOf(user)).toEqual(['balance_shift', 'insight', 'risk']);
    expect(await homeOf(user)).toMatchObject({ insights: [{ insight_id: 1 }], predictions: [], balance: [{ overall_balance: 0.6 }] });
  });

  it('E-38: a recommendation is not shown from its expiry on', async () => {
    const user = ++person;
    await grantConsents(bench.database, user, everything);
    await tellAll(user);
    for (const [time, shown] of [[new Date(expiry.getTime() - 1), 1], [expiry, 0]] as const) {
      expect((await homeOf(user, time))?.recommendations).toHaveLength(shown);
      expect((await kindsOf(user, time)).filter((kind) => kind === 'recommendation')).toHaveLength(shown);
    }
  });

  it('keeps the newer fact of a subject, whichever comes first', async () => {
    const user = ++person;
    await grantConsents(bench.database, user, everything);
    const model = new Derived();
    const score = (overall_balance: number, minutes: number) =>
      eventOf(BalanceScoreCalculated, { user_id: user, health_score: overall_balance, wealth_score: overall_balance, relationships_score: overall_balance, overall_balance, calculation_timestamp: at(minutes) });
    await feed(model.balance, score(0.3, 3), score(0.2, 2));
    await feed(model.balance, score(0.1, 1));
    expect((await homeOf(user))?.balance).toMatchObject([{ overall_balance: 0.3 }]);
  });

  it('D-8: gives an overview its trends, score and shift of the last week', async () => {
    const user = ++person;
    await grantConsents(bench.database, user, everything);
    await tellAll(user);
    const overview = async (area: string, time: Date) => (await bench.database.query<OverviewRow>(overviewStatement, [user, area, '2026-10-22', time])).rows[0];
    expect(await overview('health', now)).toMatchObject({ trends: [{ stat_name: 'health.physical' }], balance: [{ health_score: 0.5 }], shifts: [{ shift_type: 'decline' }] });
    expect(await overview('wealth', now)).toMatchObject({ trends: [], shifts: [{ shift_type: 'decline' }] });
    expect(await overview('relationships', now)).toMatchObject({ trends: [], shifts: [] });
    expect(await overview('health', new Date('2026-11-28T12:01:00Z'))).toMatchObject({ trends: [], shifts: [] });
  });
});

describe('V-9, AN-8: when consent ends', () => {
  it('what the named events told is gone, of that person alone', async () => {
    const [user, other] = [++person, ++person];
    for (const id of [user, other]) {
      await grantConsents(bench.database, id, everything);
      await tellAll(id);
    }
    await end(user, ['InsightGenerated', 'PatternDetected', 'PredictionGenerated', 'RecommendationCreated', 'SkillRecommendationGenerated']);
    expect(await homeOf(user)).toMatchObject({ insights: [], predictions: [], recommendations: [], skill_recommendations: [], balance: [{}], engagement: [{}] });
    expect(await kindsOf(user)).toEqual([...analyticsKinds, ...externalKinds].sort());
    expect(await kindsOf(other)).toHaveLength(8);
  });
});
