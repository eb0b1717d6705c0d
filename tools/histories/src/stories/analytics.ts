import { BalanceScoreCalculated, BalanceShiftDetected, PredictionGenerated, RecommendationCreated, UserEngagementAnalyzed } from '@lifeos/contracts';
import { dateOf, day, moments, oneOf, told, whole, type Draw, type Happening } from './telling.js';

/** What analytics told of a person. */
export function analyticsStory(draw: Draw, user: number): Happening[] {
  return moments(draw, whole(draw, 3, 4)).map((at, index) => {
    const [health, wealth, relationships] = [whole(draw, 0, 10) / 10, whole(draw, 0, 10) / 10, whole(draw, 0, 10) / 10];
    const id = user * 100 + index;
    return oneOf(
      draw,
      told(at, BalanceScoreCalculated, { health_score: health, wealth_score: wealth, relationships_score: relationships, overall_balance: Number(((health + wealth + relationships) / 3).toFixed(4)), calculation_timestamp: dateOf(at) }),
      told(at, BalanceShiftDetected, { shift_type: 'decline', affected_areas: ['health'], severity: oneOf(draw, 'low', 'moderate', 'high'), shift_timestamp: dateOf(at), recommended_actions: ['Take a walk.'] }),
      told(at, PredictionGenerated, { prediction_id: id, prediction_type: 'trend', forecast_data: { trend: 'up', points: [1, 2] }, confidence_interval: [1, 2], prediction_horizon_days: 30 }),
      told(at, RecommendationCreated, { recommendation_id: id, recommendation_type: oneOf(draw, 'health', 'habit'), action: 'Take a walk each day.', priority: oneOf(draw, 'low', 'high'), expected_impact: 'positive', expiry_timestamp: dateOf(at + 7 * day) }),
      told(at, UserEngagementAnalyzed, { analysis_period_days: 30, engagement_score: 0.4, activity_patterns: { days: 3 }, risk_factors: oneOf(draw, [], ['low_activity']) }),
    );
  });
}
