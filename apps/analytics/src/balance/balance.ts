/** The areas of life, in the order in which they are told. */
export const areas = ['health', 'wealth', 'relationships'] as const;
export type Area = (typeof areas)[number];

/** A score a life area, 0 … 1, four places. */
export type Scores = Readonly<Record<Area, number>>;

/** A life stat as far as its progress goes. */
export interface LifeStat {
  readonly area: string;
  readonly value: number;
  /** Null without one. */
  readonly target: number | null;
}

/** What an area without any target scores (AN-1). */
const neutral = 0.5;

/** The scores of somebody who has set no target. */
export const neutralScores: Scores = { health: neutral, wealth: neutral, relationships: neutral };

const places = 10_000;

/** Four places, so that thresholds are met exactly and not by the grace of binary fractions. */
export const fourPlaces = (score: number): number => Math.round(score * places) / places;

/** How far a stat has come towards its target, 0 … 1 (S-10): 0 with a target of 0. */
const progressTowards = (value: number, target: number): number => (target > 0 ? Math.min(1, Math.max(0, value / target)) : 0);

/** AN-1: for each area the mean progress of its life stats with a target. */
export function scoresOf(stats: Iterable<LifeStat>): Scores {
  const progress: Record<Area, number[]> = { health: [], wealth: [], relationships: [] };
  for (const { area, value, target } of stats) {
    if (target !== null && isArea(area)) progress[area].push(progressTowards(value, target));
  }
  const scoreOf = (area: Area): number => (progress[area].length === 0 ? neutral : fourPlaces(mean(progress[area])));
  return { health: scoreOf('health'), wealth: scoreOf('wealth'), relationships: scoreOf('relationships') };
}

/** AN-2: mean of the three, four places. */
export const overallBalance = (scores: Scores): number => fourPlaces(mean(areas.map((area) => scores[area])));

/** The distance between two scores, four places. */
export const distance = (from: number, to: number): number => fourPlaces(to - from);

const leastMove = 0.01;

/** AN-2: whether a score moved by 0.01 or more; before the first telling the neutral scores are what is compared with. */
export const hasMoved = (told: Scores | null, now: Scores): boolean =>
  areas.some((area) => Math.abs(distance((told ?? neutralScores)[area], now[area])) >= leastMove);

export const sameScores = (one: Scores, other: Scores): boolean => areas.every((area) => one[area] === other[area]);

function isArea(name: string): name is Area {
  return (areas as readonly string[]).includes(name);
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
