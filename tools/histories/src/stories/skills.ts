import { SkillLevelUp, SkillMasteryAchieved, SkillPracticed, SkillRecommendationGenerated } from '@lifeos/contracts';
import { dateOf, inTime, moments, oneOf, told, whole, type Draw, type Happening } from './telling.js';

/** One skill, practised until it rises. */
export function skillsStory(draw: Draw, user: number): Happening[] {
  const skill_id = user * 10;
  const skill_name = `Skill ${skill_id}`;
  const category = oneOf(draw, 'health', 'wealth', 'social');
  let level: number = oneOf(draw, 1, 18, 24, 49, 79);
  let [total, minutes] = [0, 0];
  const practice = moments(draw, whole(draw, 3, 4)).flatMap((at) => {
    const [practice_duration, experience_gained, steps] = [whole(draw, 1, 240), oneOf(draw, 0, 60, 400, 1_300), oneOf(draw, 0, 0, 1, 3)];
    const previous_level = level;
    [level, total, minutes] = [level + steps, total + experience_gained, minutes + practice_duration];
    const mastered = Math.ceil(level / 20) > Math.ceil(previous_level / 20);
    const mastery_level = (['novice', 'apprentice', 'journeyman', 'expert', 'master'] as const)[Math.ceil(level / 20) - 1] ?? 'master';
    return [
      told(at, SkillPracticed, { skill_id, practice_duration, experience_gained, practice_timestamp: dateOf(at), skill_name, category }),
      ...(steps > 0 ? [told(at, SkillLevelUp, { skill_id, previous_level, new_level: level, total_experience: total, category, skill_name })] : []),
      ...(mastered ? [told(at, SkillMasteryAchieved, { skill_id, mastery_level, total_practice_time: minutes, mastery_timestamp: dateOf(at), skill_name })] : []),
    ];
  });
  const recommended = moments(draw, 1).map((at) =>
    told(at, SkillRecommendationGenerated, { recommended_skill_ids: [skill_id], recommendation_reason: 'It has rested.', confidence_score: 0.6, recommended_skill_names: [skill_name] }));
  return inTime(practice, recommended);
}
