export const dataTypes = ['workout', 'sleep', 'nutrition', 'transaction', 'investment', 'task', 'calendar', 'social'] as const;
export type DataType = (typeof dataTypes)[number];

export interface Metric {
  readonly dataType: DataType;
  readonly unit: string;
  readonly min: number;
  readonly max: number;
}

const minutes = { unit: 'min', min: 0, max: 1440 };
const hours = { unit: 'h', min: 0, max: 24 };
const money = { unit: 'EUR', min: -Number.MAX_VALUE, max: Number.MAX_VALUE };
const count = { unit: 'count', min: 0, max: 10_000 };

/** I-5: every metric, its unit and its range, both ends included. */
export const metrics: ReadonlyMap<string, Metric> = new Map<string, Metric>([
  ['workout.minutes', { dataType: 'workout', ...minutes }],
  ['sleep.hours', { dataType: 'sleep', ...hours }],
  ['nutrition.score', { dataType: 'nutrition', ...count, unit: 'points' }],
  ['transaction.amount', { dataType: 'transaction', ...money }],
  ['investment.value', { dataType: 'investment', ...money }],
  ['task.completed', { dataType: 'task', ...count }],
  ['calendar.events', { dataType: 'calendar', ...count }],
  ['social.meetings', { dataType: 'social', ...count }],
]);

/** The kind of data that a metric's name claims to be, also when the metric itself is unknown; null when it claims none. */
export function claimedType(metric: unknown): DataType | null {
  const claimed = typeof metric === 'string' ? metric.split('.', 1)[0] : undefined;
  return dataTypes.find((type) => type === claimed) ?? null;
}

/** Factors to a metric's own unit, by that unit and the spelling that a source uses. */
const conversions: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  min: { min: 1, minute: 1, minutes: 1, m: 1, h: 60, hr: 60, hour: 60, hours: 60, s: 1 / 60, sec: 1 / 60, seconds: 1 / 60 },
  h: { h: 1, hr: 1, hour: 1, hours: 1, min: 1 / 60, minute: 1 / 60, minutes: 1 / 60, s: 1 / 3600, sec: 1 / 3600, seconds: 1 / 3600 },
};

/** The transformation of I-4: durations in the metric's unit. Other units are passed on as they are. */
export function inUnitOf({ unit }: Metric, value: number, given: string): { value: number; unit: string } {
  const factors = conversions[unit];
  const factor = factors && Object.hasOwn(factors, given.toLowerCase()) ? factors[given.toLowerCase()] : undefined;
  return factor === undefined ? { value, unit: given } : { value: value * factor, unit };
}
