import type { LifeStatName, Reading } from '../life-stats/life-stats.js';

/** What a reading of one kind does to which stat (S-15). */
interface Metric {
  readonly stat: LifeStatName;
  readonly unit: string;
  readonly how: Reading['how'];
  /** Least and highest value (I-5); stats checks again. Finite is meant where it is left out. */
  readonly range?: readonly [number, number];
}

const count = { unit: 'count', how: 'add', range: [0, 10_000] } as const;

const metrics: ReadonlyMap<string, Metric> = new Map<string, Metric>([
  ['workout.minutes', { stat: 'health.physical', unit: 'min', how: 'add', range: [0, 1440] }],
  ['sleep.hours', { stat: 'health.other', unit: 'h', how: 'set', range: [0, 24] }],
  ['nutrition.score', { stat: 'health.food_nutrients', unit: 'points', how: 'set' }],
  ['transaction.amount', { stat: 'wealth.finance_savings_investments', unit: 'EUR', how: 'add' }],
  ['investment.value', { stat: 'wealth.finance_savings_investments', unit: 'EUR', how: 'set' }],
  ['task.completed', { stat: 'wealth.work_company', ...count }],
  ['calendar.events', { stat: 'relationships.friendships', ...count }],
  ['social.meetings', { stat: 'relationships.friendships', ...count }],
]);

/** One reading of a connected service, as its event tells of it. */
export interface DataPoint {
  readonly metric: string;
  readonly value: number;
  readonly recorded_at: Date;
}

/** The stat that a point concerns; null for one of an unknown metric or out of range. */
export function metricOf({ metric, value }: DataPoint): Metric | null {
  const known = metrics.get(metric);
  if (!known || !Number.isFinite(value)) return null;
  const [least, highest] = known.range ?? [-Infinity, Infinity];
  return value >= least && value <= highest ? known : null;
}

const workoutMetric = 'workout.minutes';

/** Strength and endurance rise by one for each point of these (S-15). */
export const isWorkout = ({ metric }: DataPoint): boolean => metric === workoutMetric;

/** Points that one sync may give a core stat. */
const mostASync = 3;

/** What `more` workouts raise a core stat by, after `before` of the same sync. */
export const pointsForWorkouts = (before: number, more: number): number => Math.min(mostASync, before + more) - Math.min(mostASync, before);
