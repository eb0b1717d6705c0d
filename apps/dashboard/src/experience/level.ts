const experienceOfALevel = 1_000;

/** D-2: more is never booked to a total. */
export const largestTotal = 2_147_483_647;

/** D-4: level 1 from 0 XP, one more every 1000. */
export function levelOf(total: number): number {
  return Math.floor(total / experienceOfALevel) + 1;
}

/** What the level bar shows. */
export interface LevelBar {
  readonly level: number;
  readonly experience_points: number;
  readonly experience_to_next_level: number;
  /** 0 … 100 within the level, one place. */
  readonly level_progress_percentage: number;
  /** 1.1^level, four places. */
  readonly difficulty_factor: number;
}

export function levelBar(total: number): LevelBar {
  const level = levelOf(total);
  return {
    level,
    experience_points: total,
    experience_to_next_level: level * experienceOfALevel - total,
    level_progress_percentage: (total % experienceOfALevel) / (experienceOfALevel / 100),
    difficulty_factor: difficultyFactor(level),
  };
}

/** D-4: how much harder things are at a level. Not finite far beyond any reachable level, so it is bounded. */
export function difficultyFactor(level: number): number {
  return Math.min(Math.round(1.1 ** level * 10_000) / 10_000, Number.MAX_SAFE_INTEGER);
}
