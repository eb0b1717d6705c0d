import type { Prerequisite } from './skill.js';

/** A skill whose prerequisites are not met cannot be practised; nothing happened. */
export class SkillLocked extends Error {
  readonly code = 'skill_locked';
  readonly kind = 'conflict';
  readonly retryable = false;
  readonly details: readonly Prerequisite[];

  constructor(skillId: number, missing: readonly Prerequisite[]) {
    super(`Skill ${skillId} is locked until ${missing.map(({ skill_id, level }) => `skill ${skill_id} is at level ${level}`).join(' and ')}.`);
    this.name = 'SkillLocked';
    this.details = missing;
  }
}

export class SkillNotFound extends Error {
  readonly code = 'skill_not_found';
  readonly kind = 'not_found';
  readonly retryable = false;

  constructor(skillId: number) {
    super(`There is no skill ${skillId}.`);
    this.name = 'SkillNotFound';
  }
}
