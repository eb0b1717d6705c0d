import { SkillLocked } from './errors.js';

export const categories = ['health', 'wealth', 'social'] as const;
export type Category = (typeof categories)[number];

export const masteryLevels = ['novice', 'apprentice', 'journeyman', 'expert', 'master'] as const;
export type Mastery = (typeof masteryLevels)[number];

export const highestLevel = 100;
export const highestTotal = 2_147_483_647;

const firstStep = 1000;

/** XP of the next level, by level from 1: each step 10 % more than the one before, floored each time (K-2). */
export const experienceOfNextLevel: readonly number[] = steps();

function steps(): number[] {
  const found = [Number.NaN, firstStep];
  // In integers: the floating product falls below whole numbers that it should meet.
  while (found.length < highestLevel) found.push(Math.floor(((found.at(-1) ?? 0) * 11) / 10));
  return found;
}

/** Where a skill stands. */
export interface Standing {
  /** 1 … 100. */
  readonly level: number;
  /** XP gained since this level was reached. */
  readonly experience: number;
  /** XP from this level to the next; null at the highest. */
  readonly next_level_at: number | null;
}

/** The level that follows from all XP a skill ever got (K-1, K-2). */
export function standingAt(totalExperience: number): Standing {
  let level = 1;
  let experience = totalExperience;
  for (let step = experienceOfNextLevel[level]; step !== undefined && experience >= step; step = experienceOfNextLevel[level]) {
    experience -= step;
    level += 1;
  }
  return { level, experience, next_level_at: experienceOfNextLevel[level] ?? null };
}

/** K-6: twenty levels a band. */
export function masteryAt(level: number): Mastery {
  return masteryLevels[Math.ceil(level / 20) - 1] ?? 'master';
}

const dayMs = 86_400_000;
const efficiencies = [
  { days: 1, tenths: 10 },
  { days: 3, tenths: 9 },
  { days: 7, tenths: 8 },
  { days: 14, tenths: 7 },
  { days: 30, tenths: 6 },
] as const;

/** Efficiency in tenths by whole days since the last practice; full when there was none (K-4). */
export function efficiencyInTenths(last: Date | null, at: Date): number {
  const days = last === null ? 0 : Math.floor((at.getTime() - last.getTime()) / dayMs);
  return efficiencies.find((step) => days <= step.days)?.tenths ?? 5;
}

/** Another skill that must stand at a level first. */
export interface Prerequisite {
  readonly skill_id: number;
  readonly level: number;
}

/** A skill as its next practice needs it. */
export interface Skill {
  readonly skill_id: number;
  readonly total_experience: number;
  readonly total_minutes: number;
  readonly last_practiced: Date | null;
  /** Prerequisites that are not met. */
  readonly missing: readonly Prerequisite[];
}

/** What one practice brings. */
export interface Practice {
  /** XP of this practice; 0 at the highest level (K-3). */
  readonly gained: number;
  readonly total_experience: number;
  readonly total_minutes: number;
  /** 0 … 1. */
  readonly efficiency: number;
  readonly before: Standing;
  readonly after: Standing;
  /** The band entered, if a higher one. */
  readonly mastery: Mastery | null;
}

/** K-2 to K-7. @throws SkillLocked while a prerequisite is missing. */
export function practise(skill: Skill, { minutes, at }: { minutes: number; at: Date }): Practice {
  if (skill.missing.length > 0) throw new SkillLocked(skill.skill_id, skill.missing);
  const before = standingAt(skill.total_experience);
  const tenths = efficiencyInTenths(skill.last_practiced, at);
  const worth = Math.max(1, Math.floor((minutes * tenths) / 20));
  const gained = before.level === highestLevel ? 0 : Math.min(worth, highestTotal - skill.total_experience);
  const total_experience = skill.total_experience + gained;
  const after = standingAt(total_experience);
  const mastery = masteryAt(after.level) === masteryAt(before.level) ? null : masteryAt(after.level);
  return { gained, total_experience, total_minutes: skill.total_minutes + minutes, efficiency: tenths / 10, before, after, mastery };
}
