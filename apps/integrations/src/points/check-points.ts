import { claimedType, type DataType, inUnitOf, type Metric, metrics } from './metrics.js';

/** A reading as a source gives it; nothing of it is trusted. */
export interface RawPoint {
  readonly metric: unknown;
  readonly value: unknown;
  readonly unit: unknown;
  /** ISO 8601 with zone, or a Date. */
  readonly recorded_at: unknown;
}

/** A reading that can be taken in. */
export interface Point {
  readonly metric: string;
  readonly value: number;
  readonly unit: string;
  readonly recorded_at: Date;
}

/** What is wrong with a reading, without its value: it is logged. */
export interface BadPoint {
  readonly dataType: DataType | null;
  readonly reason: string;
}

export interface CheckedPoints {
  readonly good: readonly Point[];
  readonly bad: readonly BadPoint[];
}

const earliest = Date.UTC(1900, 0, 1);
const longestUnit = 20;

/** I-5: good readings go on, bad ones are left out with what is wrong with them. */
export function checkPoints(raw: readonly RawPoint[], now: Date): CheckedPoints {
  const good: Point[] = [];
  const bad: BadPoint[] = [];
  for (const one of raw) {
    const checked = checkPoint(one, now);
    if ('reason' in checked) bad.push(checked);
    else good.push(checked);
  }
  return { good, bad };
}

export function checkPoint(raw: RawPoint, now: Date): Point | BadPoint {
  const metric = metrics.get(String(raw.metric));
  if (!metric) return { dataType: claimedType(raw.metric), reason: 'the metric is unknown' };
  const { value, unit } = measureOf(raw, metric);
  const recorded_at = timeOf(raw.recorded_at);
  const reasons = [...valueFaults(value, metric), ...unitFaults(unit), ...timeFaults(recorded_at, now)];
  if (reasons.length > 0) return { dataType: metric.dataType, reason: `${String(raw.metric)}: ${reasons.join(', ')}` };
  return { metric: String(raw.metric), value: value as number, unit: unit as string, recorded_at };
}

function measureOf({ value, unit }: RawPoint, metric: Metric): { value: unknown; unit: unknown } {
  return typeof value === 'number' && typeof unit === 'string' ? inUnitOf(metric, value, unit.trim()) : { value, unit };
}

function valueFaults(value: unknown, { min, max, unit }: Metric): string[] {
  if (typeof value !== 'number' || !Number.isFinite(value)) return ['the value is no finite number'];
  return value < min || value > max ? [`the value is not within ${min} and ${max} ${unit}`] : [];
}

function unitFaults(unit: unknown): string[] {
  if (typeof unit !== 'string' || unit.trim() === '') return ['the unit is missing'];
  return unit.length > longestUnit || !/^[\p{L}\p{N}%/$€£. _-]+$/u.test(unit) ? ['the unit is no unit'] : [];
}

function timeFaults(at: Date, now: Date): string[] {
  if (Number.isNaN(at.getTime())) return ['the time is no time with a zone'];
  if (at.getTime() > now.getTime()) return ['the time lies in the future'];
  return at.getTime() < earliest ? ['the time lies before 1900'] : [];
}

const isoWithZone = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:?\d\d)$/;

function timeOf(given: unknown): Date {
  if (given instanceof Date) return given;
  return new Date(typeof given === 'string' && isoWithZone.test(given) ? given : Number.NaN);
}
