import type { TrendDetectedInput } from '@lifeos/contracts';

export type TrendType = TrendDetectedInput['trend_type'];

/** A stat's last value of a day; a day without one is a gap (S-9). */
export interface DailyValue {
  /** YYYY-MM-DD. */
  readonly day: string;
  readonly value: number;
}

/** A straight line through daily values. */
export interface Fit {
  /** Null when the points follow no line: the change is large, but R² is too small. */
  readonly trend_type: TrendType | null;
  /** Change a day. */
  readonly slope: number;
  /** Change of the line from the first to the last day of the window. */
  readonly change: number;
  /** R²; null when all points are equal. */
  readonly confidence_score: number | null;
}

/** Windows of S-14, in days. */
export const trendWindows = [7, 30] as const;
export const longestWindow = Math.max(...trendWindows);

const fewestPoints = 5;
const leastConfidence = 0.6;
const leastChange = 0.05;
/** What doubles lose on the way must not push a value off its threshold. */
const tolerance = 1e-9;

/** S-14: fits a line through what is known of a window of `days` days; null with fewer than five points. */
export function fitLine(values: readonly DailyValue[], days: number): Fit | null {
  if (values.length < fewestPoints) return null;
  const points = values.map(({ day, value }) => ({ x: Date.parse(day) / dayMs, y: value }));
  const [mx, my] = [mean(points.map(({ x }) => x)), mean(points.map(({ y }) => y))];
  const sum = (of: (dx: number, dy: number) => number): number => points.reduce((total, { x, y }) => total + of(x - mx, y - my), 0);
  if (points.every(({ y }) => y === points[0]?.y)) return { trend_type: 'stable', slope: 0, change: 0, confidence_score: null };
  const [sxx, sxy, syy] = [sum((dx) => dx * dx), sum((dx, dy) => dx * dy), sum((_dx, dy) => dy * dy)];
  const slope = sxy / sxx;
  const change = slope * (days - 1);
  const confidence = Math.min(1, (sxy * sxy) / (sxx * syy));
  return { trend_type: trendOf({ change, confidence, mean: my }), slope, change, confidence_score: confidence };
}

const dayMs = 86_400_000;

const mean = (numbers: readonly number[]): number => numbers.reduce((sum, each) => sum + each, 0) / numbers.length;

function trendOf(line: { change: number; confidence: number; mean: number }): TrendType | null {
  if (Math.abs(line.change) < leastChange * Math.abs(line.mean) * (1 - tolerance)) return 'stable';
  if (line.confidence < leastConfidence - tolerance) return null;
  return line.change > 0 ? 'increasing' : 'decreasing';
}

/** The day `days` after another, YYYY-MM-DD. */
export const daysAfter = (day: string, days: number): string => new Date(Date.parse(day) + days * dayMs).toISOString().slice(0, 10);

/** Values of the last `days` days up to `lastDay`. */
export function within(values: readonly DailyValue[], lastDay: string, days: number): DailyValue[] {
  const first = daysAfter(lastDay, 1 - days);
  return values.filter(({ day }) => first <= day && day <= lastDay);
}
