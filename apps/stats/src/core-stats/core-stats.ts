export const coreStatNames = ['strength', 'endurance', 'agility', 'intelligence', 'wisdom', 'charisma'] as const;
export type CoreStatName = (typeof coreStatNames)[number];

export const lowestValue = 1;
export const highestValue = 100;

/** One core stat of one person. */
export interface CoreStat {
  /** 1 … 100. */
  readonly value: number;
  /** All XP that its pool ever got; the points gained follow from it, whatever order the XP came in. */
  readonly experience: number;
  /** Points that an earlier life of the service told of: in the value already, also while their XP is still to come again. */
  readonly told: number;
}

/** Every core stat of a new person (S-1). */
export const initialCoreStat: CoreStat = { value: 10, experience: 0, told: 0 };

/** A stat's value before and after one change. */
export interface ValueChange {
  readonly previous: number;
  readonly next: number;
}

export interface StatOutcome {
  readonly stat: CoreStat;
  /** Null when the value stayed the same: nothing to publish (S-3). */
  readonly change: ValueChange | null;
}

/** XP of the pool's next point after `pointsGained` points: floor(100 × 1.1^n) (S-4). */
export function experienceOfNextPoint(pointsGained: number): number {
  // In integers: the floating product falls below whole numbers that it should meet.
  const n = BigInt(pointsGained);
  return Number((100n * 11n ** n) / 10n ** n);
}

const thresholds: number[] = [0];

/** Points that a pool with `experience` XP has gained. */
export function pointsGainedWith(experience: number): number {
  while ((thresholds.at(-1) ?? 0) <= experience) {
    thresholds.push((thresholds.at(-1) ?? 0) + experienceOfNextPoint(thresholds.length - 1));
  }
  return thresholds.findIndex((threshold) => threshold > experience) - 1;
}

/** Points of its pool that the value holds. */
export const pointsIn = ({ experience, told }: CoreStat): number => Math.max(told, pointsGainedWith(experience));

/** Puts XP into the pool; each point so gained raises the value by one, at most to 100 (S-4). */
export function gainExperience(stat: CoreStat, amount: number): StatOutcome {
  const after = { ...stat, experience: stat.experience + amount };
  return outcome(stat, { ...after, value: Math.min(highestValue, stat.value + pointsIn(after) - pointsIn(stat)) });
}

/** Raises the value beside the pool, at most to 100 (S-15). */
export function raiseValue(stat: CoreStat, points: number): StatOutcome {
  return outcome(stat, { ...stat, value: Math.min(highestValue, stat.value + points) });
}

/** Sets the value by hand; the pool stays as it is. The value is checked by the caller (S-2). */
export function setValue(stat: CoreStat, value: number): StatOutcome {
  return outcome(stat, { ...stat, value });
}

function outcome(before: CoreStat, after: CoreStat): StatOutcome {
  const change = before.value === after.value ? null : { previous: before.value, next: after.value };
  return { stat: after, change };
}

const statOfQuestType: ReadonlyMap<string, CoreStatName> = new Map([
  ['life_goal', 'wisdom'],
  ['annual_goal', 'wisdom'],
  ['main', 'intelligence'],
  ['side', 'charisma'],
  ['weekly', 'endurance'],
  ['daily', 'agility'],
]);

const statOfSkillCategory: ReadonlyMap<string, CoreStatName> = new Map([
  ['health', 'strength'],
  ['wealth', 'intelligence'],
  ['social', 'charisma'],
]);

/** The stat that a quest's XP goes to (S-5); null for a type that this build does not know. */
export const statForQuest = (questType: string): CoreStatName | null => statOfQuestType.get(questType) ?? null;

/** The stat that every habit's XP goes to (S-5). */
export const statForHabit: CoreStatName = 'endurance';

/** The stat that practice of a skill feeds (S-5); null for no or an unknown category. */
export const statForSkill = (category: string): CoreStatName | null => statOfSkillCategory.get(category) ?? null;
