import { AchievementProgressUpdated, AchievementUnlocked, BadgeEarned, TitleUnlocked } from '@lifeos/contracts';
import { dateOf, moments, oneOf, told, whole, type Draw, type Happening } from './telling.js';

/** Progress, then the unlock; each achievement, title and badge once. */
export function achievementsStory(draw: Draw): Happening[] {
  return moments(draw, whole(draw, 3, 5)).map((at, index) => {
    const achievement_id = index + 1;
    return oneOf(
      draw,
      told(at, AchievementProgressUpdated, { achievement_id, current_progress: 5, required_progress: 10, progress_percentage: 50, achievement_name: `Feat ${achievement_id}` }),
      told(at, AchievementUnlocked, { achievement_id, achievement_name: `Feat ${achievement_id}`, tier: oneOf(draw, 'bronze', 'gold'), experience_reward: oneOf(draw, 0, 100, 500), unlock_timestamp: dateOf(at) }),
      told(at, TitleUnlocked, { title_id: achievement_id, title_name: `Title ${achievement_id}`, unlock_conditions: { level: 1 }, unlock_timestamp: dateOf(at) }),
      told(at, BadgeEarned, { badge_id: achievement_id, badge_name: `Badge ${achievement_id}`, badge_category: 'habits', earned_timestamp: dateOf(at) }),
    );
  });
}
