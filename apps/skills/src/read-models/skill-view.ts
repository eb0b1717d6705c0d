import { type Category, masteryAt, type Mastery, type Prerequisite, type Standing, standingAt } from '../skill/skill.js';
import type { StoredSkill } from '../skill/skill-store.js';

/** A skill as the API answers it. */
export interface SkillView extends Standing {
  readonly skill_id: number;
  readonly user_id: number;
  readonly name: string;
  readonly category: Category;
  readonly description: string;
  readonly mastery_level: Mastery;
  readonly total_experience: number;
  /** Minutes practised in all. */
  readonly total_practice_time: number;
  readonly last_practiced: Date | null;
  readonly prerequisites: readonly Prerequisite[];
  readonly locked: boolean;
  readonly created_at: Date;
}

export function viewOf({ missing, total_minutes, ...skill }: StoredSkill): SkillView {
  const standing = standingAt(skill.total_experience);
  return { ...skill, ...standing, mastery_level: masteryAt(standing.level), total_practice_time: total_minutes, locked: missing.length > 0 };
}
