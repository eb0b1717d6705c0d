import { dayNumber, daysAfter } from '../series/days.js';
import type { DailyPoint } from '../series/series-store.js';

/** Daily points that a forecast needs at least (AN-6). */
export const fewestPoints = 7;
export const horizonDays = 30;
/** Days looked back on; what lies further back says little of the next 30. */
export const daysLookedAt = 90;

export type Direction = 'up' | 'down' | 'flat';

export interface Forecast {
  readonly trend: Direction;
  /** Each of the next 30 days after the last known one. */
  readonly points: readonly DailyPoint[];
  /** Around the value on the last of them: 95 % of what the past would let one expect. */
  readonly interval: readonly [number, number];
}

const places = 10_000;
const round = (value: number): number => Math.round(value * places) / places;

/** AN-6: carries the straight line through the points on for 30 days; null with fewer than 7 of them. */
export function forecast(known: readonly DailyPoint[]): Forecast | null {
  const last = known.at(-1);
  if (!last || known.length < fewestPoints) return null;
  const origin = dayNumber(last.day);
  const line = fitLine(known.map(({ day, value }) => ({ x: dayNumber(day) - origin, y: value })));
  const points = Array.from({ length: horizonDays }, (_none, index) => ({
    day: daysAfter(last.day, index + 1),
    value: round(line.intercept + line.slope * (index + 1)),
  }));
  const end = line.intercept + line.slope * horizonDays;
  const reach = 1.96 * line.deviation;
  return { trend: directionOf(line), points, interval: [round(end - reach), round(end + reach)] };
}

export interface Line {
  readonly slope: number;
  readonly intercept: number;
  /** Standard deviation of what the line leaves unexplained, two degrees of freedom spent on the line. */
  readonly deviation: number;
}

/** Least squares; at least three points with different x. */
export function fitLine(points: readonly { readonly x: number; readonly y: number }[]): Line {
  const n = points.length;
  const meanX = points.reduce((sum, { x }) => sum + x, 0) / n;
  const meanY = points.reduce((sum, { y }) => sum + y, 0) / n;
  const xx = points.reduce((sum, { x }) => sum + (x - meanX) ** 2, 0);
  const slope = points.reduce((sum, { x, y }) => sum + (x - meanX) * (y - meanY), 0) / xx;
  const intercept = meanY - slope * meanX;
  const unexplained = points.reduce((sum, { x, y }) => sum + (y - intercept - slope * x) ** 2, 0);
  return { slope, intercept, deviation: Math.sqrt(unexplained / (n - 2)) };
}

/** Flat: over the horizon it changes by less than a twentieth of where it stands. */
function directionOf({ slope, intercept }: Line): Direction {
  const change = slope * horizonDays;
  if (round(change) === 0 || Math.abs(change) < 0.05 * Math.abs(intercept)) return 'flat';
  return change > 0 ? 'up' : 'down';
}
