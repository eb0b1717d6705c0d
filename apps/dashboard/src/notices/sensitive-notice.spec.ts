import { describe, expect, it } from '@jest/globals';
import { questsUnlockedNotice, skillLevelNotice, skillMasteryNotice, streakBrokenNotice, streakNotice } from './notice.js';
import { balanceShiftNotice, dataQualityNotice, insightNotice, patternNotice, recommendationNotice, riskNotice, syncFailureNotice, trendNotice } from './sensitive-notice.js';

describe('D-6: notices', () => {
  it.each([
    [streakNotice({ habit_id: 1, streak_count: 21, streak_type: 'habit_formation', bonus_experience: 20, habit_name: 'Read' }), 'streak', '21 in a row: Read'],
    [streakNotice({ habit_id: 1, streak_count: 7, streak_type: 'week', bonus_experience: 0, habit_name: '' }), 'streak', '7 in a row: your habit'],
    [streakBrokenNotice({ habit_id: 1, previous_streak: 9, broken_date: '2026-11-21', habit_name: 'Read' }), 'streak_broken', 'A new start is waiting: Read'],
    [questsUnlockedNotice({ parent_quest_id: 1, unlocked_quest_ids: [2], chain_name: 'Moving' }), 'quests_unlocked', 'A new quest unlocked: Moving'],
    [questsUnlockedNotice({ parent_quest_id: 1, unlocked_quest_ids: [2, 3], chain_name: 'Moving' }), 'quests_unlocked', '2 new quests unlocked: Moving'],
    [skillLevelNotice({ skill_id: 1, previous_level: 1, new_level: 3, category: 'health', skill_name: 'Running' }), 'skill_level', 'Running reached level 3'],
    [skillMasteryNotice({ skill_id: 1, mastery_level: 'expert', total_practice_time: 60, skill_name: '' }), 'skill_mastery', 'A skill: you are now expert'],
    [insightNotice({ insight_id: 1, insight_type: 'mood', content: 'Sleep helps.', confidence_score: 0.8 }), 'insight', 'Sleep helps.'],
    [patternNotice({ pattern_id: 1, pattern_type: 'mood', description: 'Mood falls.', confidence_score: 0.8 }), 'pattern', 'Mood falls.'],
    [recommendationNotice({ recommendation_id: 1, recommendation_type: 'habit', action: 'Walk', priority: 'low', expected_impact: 'positive' }), 'recommendation', 'Walk'],
    [balanceShiftNotice({ shift_type: 'decline', affected_areas: ['health'], severity: 'low', recommended_actions: [] }), 'balance_shift', 'Health needs attention'],
    [balanceShiftNotice({ shift_type: 'imbalance', affected_areas: ['health', 'wealth'], severity: 'low', recommended_actions: [] }), 'balance_shift', 'Health, Wealth are out of balance'],
    [trendNotice({ stat_name: 'health.physical', trend_type: 'decreasing', confidence_score: 0.7, duration_days: 7 }), 'trend', 'Physical has gone down for 7 days'],
    [dataQualityNotice({ integration_id: 1, data_type: 'sleep', data_quality_score: 0.79 }), 'data_quality', 'Part of the sleep data could not be used'],
    [riskNotice({ engagement_score: 0.2, risk_factors: ['low_activity', 'new_risk'] }), 'risk', 'A friendly reminder: a small step is enough for today; new risk'],
  ])('say what happened: %#', (notice, kind, title) => {
    expect(notice).toMatchObject({ kind, title });
  });

  it('I-9, S-17: a failed sync offers manual entry', () => {
    expect(syncFailureNotice({ integration_id: 1, error_code: 'TIMEOUT', error_message: 'slow', retry_count: 0 })).toMatchObject({ kind: 'sync_failure', details: { manual_entry: true } });
  });

  it('are not given for what is nothing to tell', () => {
    expect(dataQualityNotice({ integration_id: 1, data_type: 'sleep', data_quality_score: 0.8 })).toBeNull();
    for (const trend_type of ['increasing', 'stable']) expect(trendNotice({ stat_name: 'x', trend_type, confidence_score: 1, duration_days: 7 })).toBeNull();
    expect(riskNotice({ engagement_score: 1, risk_factors: [] })).toBeNull();
  });
});
