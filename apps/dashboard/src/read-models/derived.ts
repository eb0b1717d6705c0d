import {
  BalanceScoreCalculated, BalanceShiftDetected, DataSyncCompleted, DataSyncFailed, ExternalDataReceived, InsightGenerated,
  PredictionGenerated, RecommendationCreated, SkillRecommendationGenerated, TrendDetected, UserEngagementAnalyzed,
} from '@lifeos/contracts';
import type { HandlerContext } from '@lifeos/delivery';
import type { EventOf } from '@lifeos/events';
import { Handles } from '@lifeos/kafka';
import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { storeDerivedFacts } from '../consented/derived-facts.js';

/** Of facts that each replace the one before. */
const only = 'newest';

/** D-7, D-8: what sensitive events tell, kept under their type so that it goes with the consent. */
@Controller()
export class Derived {
  @Handles(InsightGenerated, { name: 'show-insight-when-insight-generated', versions: '^1.0.0', from: 'beginning', batch: true })
  async insight(@Payload() events: readonly EventOf<typeof InsightGenerated>[], @Ctx() { tx }: HandlerContext): Promise<void> {
    const facts = events.map(({ payload: { user_id: userId, insight_id, insight_type, content, confidence_score }, timestamp: at }) => ({
      userId, subject: String(insight_id), at, details: { insight_id, insight_type, content, confidence_score },
    }));
    await storeDerivedFacts(tx, InsightGenerated, facts);
  }

  @Handles(PredictionGenerated, { name: 'show-prediction-when-prediction-generated', versions: '^1.0.0', from: 'beginning', batch: true })
  async prediction(@Payload() events: readonly EventOf<typeof PredictionGenerated>[], @Ctx() { tx }: HandlerContext): Promise<void> {
    const facts = events.map(({ payload: { user_id: userId, ...details }, timestamp: at }) => ({ userId, subject: String(details.prediction_id), at, details }));
    await storeDerivedFacts(tx, PredictionGenerated, facts);
  }

  @Handles(RecommendationCreated, { name: 'show-recommendation-when-recommendation-created', versions: '^1.0.0', from: 'beginning', batch: true })
  async recommendation(@Payload() events: readonly EventOf<typeof RecommendationCreated>[], @Ctx() { tx }: HandlerContext): Promise<void> {
    const facts = events.map(({ payload: { user_id: userId, expiry_timestamp: expiresAt, ...details }, timestamp: at }) => ({
      userId, subject: String(details.recommendation_id), at, expiresAt, details,
    }));
    await storeDerivedFacts(tx, RecommendationCreated, facts);
  }

  @Handles(SkillRecommendationGenerated, { name: 'show-skills-when-skill-recommendation-generated', versions: '^1.0.0', from: 'beginning', batch: true })
  async skills(@Payload() events: readonly EventOf<typeof SkillRecommendationGenerated>[], @Ctx() { tx }: HandlerContext): Promise<void> {
    const facts = events.map(({ payload: { user_id: userId, ...details }, timestamp: at }) => ({ userId, subject: only, at, details }));
    await storeDerivedFacts(tx, SkillRecommendationGenerated, facts);
  }

  @Handles(BalanceScoreCalculated, { name: 'show-balance-when-balance-score-calculated', versions: '^1.0.0', from: 'beginning', batch: true })
  async balance(@Payload() events: readonly EventOf<typeof BalanceScoreCalculated>[], @Ctx() { tx }: HandlerContext): Promise<void> {
    const facts = events.map(({ payload: { user_id: userId, calculation_timestamp: at, ...details } }) => ({ userId, subject: only, at, details }));
    await storeDerivedFacts(tx, BalanceScoreCalculated, facts);
  }

  @Handles(BalanceShiftDetected, { name: 'show-shift-when-balance-shift-detected', versions: '^1.0.0', from: 'beginning', batch: true })
  async shift(@Payload() events: readonly EventOf<typeof BalanceShiftDetected>[], @Ctx() { tx }: HandlerContext): Promise<void> {
    const facts = events.flatMap(({ payload: { user_id: userId, shift_timestamp: at, affected_areas, ...details } }) =>
      affected_areas.map((area) => ({ userId, subject: area, at, details })),
    );
    await storeDerivedFacts(tx, BalanceShiftDetected, facts);
  }

  @Handles(UserEngagementAnalyzed, { name: 'show-engagement-when-user-engagement-analyzed', versions: '^1.0.0', from: 'beginning', batch: true })
  async engagement(@Payload() events: readonly EventOf<typeof UserEngagementAnalyzed>[], @Ctx() { tx }: HandlerContext): Promise<void> {
    const facts = events.map(({ payload: { user_id: userId, analysis_period_days, engagement_score, risk_factors }, timestamp: at }) => ({
      userId, subject: only, at, details: { analysis_period_days, engagement_score, risk_factors },
    }));
    await storeDerivedFacts(tx, UserEngagementAnalyzed, facts);
  }

  @Handles(TrendDetected, { name: 'show-trend-when-trend-detected', versions: '^1.0.0', from: 'beginning', batch: true })
  async trend(@Payload() events: readonly EventOf<typeof TrendDetected>[], @Ctx() { tx }: HandlerContext): Promise<void> {
    const facts = events.map(({ payload: { user_id: userId, ...details }, timestamp: at }) => ({ userId, subject: `${details.stat_name} ${details.duration_days}`, at, details }));
    await storeDerivedFacts(tx, TrendDetected, facts);
  }

  @Handles(ExternalDataReceived, { name: 'show-freshness-when-external-data-received', versions: '^1.0.0', from: 'beginning', batch: true })
  async received(@Payload() events: readonly EventOf<typeof ExternalDataReceived>[], @Ctx() { tx }: HandlerContext): Promise<void> {
    const facts = events.map(({ payload: { user_id: userId, integration_id, sync_timestamp: at, data_type, data_points_count, data_quality_score } }) => ({
      userId, subject: String(integration_id), at, details: { data_type, data_points_count, data_quality_score },
    }));
    await storeDerivedFacts(tx, ExternalDataReceived, facts);
  }

  @Handles(DataSyncCompleted, { name: 'show-sync-when-data-sync-completed', versions: '^1.0.0', from: 'beginning', batch: true })
  async synced(@Payload() events: readonly EventOf<typeof DataSyncCompleted>[], @Ctx() { tx }: HandlerContext): Promise<void> {
    const facts = events.map(({ payload: { user_id: userId, integration_id, records_processed, success }, timestamp: at }) => ({
      userId, subject: String(integration_id), at, details: { records_processed, success },
    }));
    await storeDerivedFacts(tx, DataSyncCompleted, facts);
  }

  @Handles(DataSyncFailed, { name: 'show-failure-when-data-sync-failed', versions: '^1.0.0', from: 'beginning', batch: true })
  async failed(@Payload() events: readonly EventOf<typeof DataSyncFailed>[], @Ctx() { tx }: HandlerContext): Promise<void> {
    const facts = events.map(({ payload: { user_id: userId, integration_id, error_code, error_message, retry_count }, timestamp: at }) => ({
      userId, subject: String(integration_id), at, details: { error_code, error_message, retry_count },
    }));
    await storeDerivedFacts(tx, DataSyncFailed, facts);
  }
}
