import { difficultyFactor } from '../experience/level.js';

/** D-6: what the dashboard tells its user. */
export interface Notice {
  readonly kind: NoticeKind;
  readonly title: string;
  readonly details: Readonly<Record<string, unknown>>;
}

export type NoticeKind =
  | 'level_up' | 'achievement' | 'title' | 'badge' | 'milestone' | 'streak' | 'streak_broken' | 'quests_unlocked' | 'skill_level' | 'skill_mastery'
  | 'insight' | 'pattern' | 'recommendation' | 'balance_shift' | 'trend' | 'sync_failure' | 'data_quality' | 'risk';

export function levelUpNotice({ previous_level, new_level }: { previous_level: number; new_level: number }): Notice {
  const details = { previous_level, new_level, celebration: 'major', difficulty_factor: difficultyFactor(new_level) };
  return { kind: 'level_up', title: `Level ${new_level} reached`, details };
}

export function achievementNotice(unlocked: { achievement_id: number; achievement_name: string; tier: string; experience_reward: number }): Notice {
  const { achievement_id, tier, experience_reward } = unlocked;
  return { kind: 'achievement', title: `Achievement unlocked: ${unlocked.achievement_name}`, details: { achievement_id, tier, experience_reward } };
}

export function titleNotice({ title_id, title_name }: { title_id: number; title_name: string }): Notice {
  return { kind: 'title', title: `New title: ${title_name}`, details: { title_id } };
}

export function badgeNotice({ badge_id, badge_name, badge_category }: { badge_id: number; badge_name: string; badge_category: string }): Notice {
  return { kind: 'badge', title: `Badge earned: ${badge_name}`, details: { badge_id, badge_category } };
}

export function milestoneNotice(reached: { stat_name: string; stat_type: string; milestone_value: number; milestone_type: string }): Notice {
  const { stat_name, stat_type, milestone_value, milestone_type } = reached;
  const unit = milestone_type === 'level' ? '' : ' % of its target';
  return { kind: 'milestone', title: `${nameForPeople(stat_name)} reached ${milestone_value}${unit}`, details: { stat_name, stat_type, milestone_value, milestone_type } };
}

export function streakNotice(streak: { habit_id: number; streak_count: number; streak_type: string; bonus_experience: number; habit_name: string }): Notice {
  const { habit_id, streak_count, streak_type, bonus_experience } = streak;
  return { kind: 'streak', title: `${streak_count} in a row: ${habitForPeople(streak.habit_name)}`, details: { habit_id, streak_count, streak_type, bonus_experience } };
}

/** D: a gentle reminder, no reproach. */
export function streakBrokenNotice(broken: { habit_id: number; previous_streak: number; broken_date: string; habit_name: string }): Notice {
  const { habit_id, previous_streak, broken_date } = broken;
  return { kind: 'streak_broken', title: `A new start is waiting: ${habitForPeople(broken.habit_name)}`, details: { habit_id, previous_streak, broken_date } };
}

export function questsUnlockedNotice(chain: { parent_quest_id: number; unlocked_quest_ids: readonly number[]; chain_name: string }): Notice {
  const { parent_quest_id, unlocked_quest_ids, chain_name } = chain;
  const many = unlocked_quest_ids.length === 1 ? 'A new quest' : `${unlocked_quest_ids.length} new quests`;
  return { kind: 'quests_unlocked', title: `${many} unlocked: ${chain_name}`, details: { parent_quest_id, unlocked_quest_ids, chain_name } };
}

export function skillLevelNotice(skill: { skill_id: number; previous_level: number; new_level: number; category: string; skill_name: string }): Notice {
  const { skill_id, previous_level, new_level, category, skill_name } = skill;
  return { kind: 'skill_level', title: `${skill_name || 'A skill'} reached level ${new_level}`, details: { skill_id, previous_level, new_level, category } };
}

export function skillMasteryNotice(skill: { skill_id: number; mastery_level: string; total_practice_time: number; skill_name: string }): Notice {
  const { skill_id, mastery_level, total_practice_time, skill_name } = skill;
  return { kind: 'skill_mastery', title: `${skill_name || 'A skill'}: you are now ${mastery_level}`, details: { skill_id, mastery_level, total_practice_time } };
}

/** The last part of a stat's name as people write it. */
export function nameForPeople(statName: string): string {
  const words = (statName.split('.').at(-1) ?? statName).replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

const habitForPeople = (name: string): string => name || 'your habit';
