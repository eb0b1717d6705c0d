import { nameForPeople, type Notice } from './notice.js';

/** Notices of sensitive events: kept and shown only with consent. Null: the event is nothing to tell. */

export function insightNotice(insight: { insight_id: number; insight_type: string; content: string; confidence_score: number }): Notice {
  const { insight_id, insight_type, content, confidence_score } = insight;
  return { kind: 'insight', title: content, details: { insight_id, insight_type, confidence_score } };
}

export function patternNotice(pattern: { pattern_id: number; pattern_type: string; description: string; confidence_score: number }): Notice {
  const { pattern_id, pattern_type, description, confidence_score } = pattern;
  return { kind: 'pattern', title: description, details: { pattern_id, pattern_type, confidence_score } };
}

export function recommendationNotice(recommended: { recommendation_id: number; recommendation_type: string; action: string; priority: string; expected_impact: string }): Notice {
  const { recommendation_id, recommendation_type, action, priority, expected_impact } = recommended;
  return { kind: 'recommendation', title: action, details: { recommendation_id, recommendation_type, priority, expected_impact } };
}

const shifts: Readonly<Record<string, string>> = { decline: 'needs attention', improvement: 'is getting better', imbalance: 'are out of balance' };

export function balanceShiftNotice(shift: { shift_type: string; affected_areas: readonly string[]; severity: string; recommended_actions: readonly string[] }): Notice {
  const { shift_type, affected_areas, severity, recommended_actions } = shift;
  const areas = affected_areas.map(nameForPeople).join(', ');
  return { kind: 'balance_shift', title: `${areas} ${shifts[shift_type] ?? 'changed'}`, details: { shift_type, affected_areas, severity, recommended_actions } };
}

/** D-6: only what falls. */
export function trendNotice(trend: { stat_name: string; trend_type: string; confidence_score: number; duration_days: number }): Notice | null {
  if (trend.trend_type !== 'decreasing') return null;
  const { stat_name, trend_type, confidence_score, duration_days } = trend;
  return { kind: 'trend', title: `${nameForPeople(stat_name)} has gone down for ${duration_days} days`, details: { stat_name, trend_type, confidence_score, duration_days } };
}

/** Manual entry goes on while a source is away (S-17). */
export function syncFailureNotice(failed: { integration_id: number; error_code: string; error_message: string; retry_count: number }): Notice {
  const { integration_id, error_code, error_message, retry_count } = failed;
  const title = 'A connected service could not be reached; you can enter values by hand meanwhile';
  return { kind: 'sync_failure', title, details: { integration_id, error_code, error_message, retry_count, manual_entry: true } };
}

/** I-7. */
const goodQuality = 0.8;

export function dataQualityNotice(received: { integration_id: number; data_type: string; data_quality_score: number }): Notice | null {
  if (received.data_quality_score >= goodQuality) return null;
  const { integration_id, data_type, data_quality_score } = received;
  return { kind: 'data_quality', title: `Part of the ${data_type} data could not be used`, details: { integration_id, data_type, data_quality_score } };
}

const reminders: Readonly<Record<string, string>> = {
  low_activity: 'a small step is enough for today',
  streak_loss: 'a habit is waiting for a new start',
  falling_activity: 'it has been quieter lately',
  sync_problems: 'a connected service needs a look',
};

export function riskNotice({ engagement_score, risk_factors }: { engagement_score: number; risk_factors: readonly string[] }): Notice | null {
  if (risk_factors.length === 0) return null;
  const title = `A friendly reminder: ${risk_factors.map((risk) => reminders[risk] ?? nameForPeople(risk).toLowerCase()).join('; ')}`;
  return { kind: 'risk', title, details: { engagement_score, risk_factors } };
}
