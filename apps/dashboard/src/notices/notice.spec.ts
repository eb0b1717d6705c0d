import { describe, expect, it } from '@jest/globals';
import { achievementNotice, badgeNotice, levelUpNotice, milestoneNotice, titleNotice } from './notice.js';

describe('D-6: notices', () => {
  it('D-4: a level-up is a major celebration with its difficulty factor', () => {
    expect(levelUpNotice({ previous_level: 1, new_level: 2 })).toEqual({
      kind: 'level_up',
      title: 'Level 2 reached',
      details: { previous_level: 1, new_level: 2, celebration: 'major', difficulty_factor: 1.21 },
    });
  });

  it.each([
    [achievementNotice({ achievement_id: 3, achievement_name: 'First Quest', tier: 'gold', experience_reward: 100 }), 'achievement', 'Achievement unlocked: First Quest'],
    [titleNotice({ title_id: 1, title_name: 'Beginner' }), 'title', 'New title: Beginner'],
    [badgeNotice({ badge_id: 2, badge_name: 'Early Bird', badge_category: 'habits' }), 'badge', 'Badge earned: Early Bird'],
    [milestoneNotice({ stat_type: 'core', stat_name: 'strength', milestone_value: 20, milestone_type: 'level' }), 'milestone', 'Strength reached 20'],
    [
      milestoneNotice({ stat_type: 'life', stat_name: 'wealth.work_company', milestone_value: 50, milestone_type: 'target_percent' }),
      'milestone',
      'Work company reached 50 % of its target',
    ],
  ])('says what happened: %#', (notice, kind, title) => {
    expect(notice).toMatchObject({ kind, title });
  });
});
