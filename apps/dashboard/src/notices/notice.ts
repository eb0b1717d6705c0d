import { difficultyFactor } from '../experience/level.js';

/** D-6: what the dashboard tells its user. */
export interface Notice {
  readonly kind: 'level_up' | 'achievement' | 'title' | 'badge' | 'milestone';
  readonly title: string;
  readonly details: Readonly<Record<string, string | number | null>>;
}

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
  const unit = reached.milestone_type === 'level' ? '' : ' % of its target';
  return { kind: 'milestone', title: `${nameForPeople(reached.stat_name)} reached ${reached.milestone_value}${unit}`, details: { ...reached } };
}

function nameForPeople(statName: string): string {
  const words = (statName.split('.').at(-1) ?? statName).replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}
