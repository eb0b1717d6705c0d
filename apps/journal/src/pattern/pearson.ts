import type { DailyValues } from '../series/series.js';

/** Far below what data can mean, far above what sums of doubles get wrong: keeps thresholds exact. */
export const rounded = (value: number): number => Math.round(value * 1e10) / 1e10;

export interface Correlation {
  /** −1 … 1. */
  readonly r: number;
  /** Days with a value in both series, oldest first. */
  readonly days: readonly string[];
}

/** Pearson's r over the days that both series have; null where it is undefined: under two days, or a series that never moves. */
export function correlate(one: DailyValues, other: DailyValues): Correlation | null {
  const days = [...one.keys()].filter((day) => other.has(day)).sort();
  const r = pearson(
    days.map((day) => one.get(day) ?? 0),
    days.map((day) => other.get(day) ?? 0),
  );
  return r === null ? null : { r, days };
}

function pearson(xs: readonly number[], ys: readonly number[]): number | null {
  if (xs.length < 2 || isConstant(xs) || isConstant(ys)) return null;
  const dx = deviations(xs);
  const dy = deviations(ys);
  const r = products(dx, dy) / Math.sqrt(products(dx, dx) * products(dy, dy));
  return Number.isFinite(r) ? rounded(Math.min(1, Math.max(-1, r))) : null;
}

const isConstant = (values: readonly number[]): boolean => values.every((value) => value === values[0]);

// Scaled, so that squares of very large or small values neither overflow nor vanish; r does not mind.
function deviations(values: readonly number[]): number[] {
  const scale = Math.max(...values.map(Math.abs));
  const mean = values.reduce((sum, value) => sum + value / scale, 0) / values.length;
  const raw = values.map((value) => value / scale - mean);
  const largest = Math.max(...raw.map(Math.abs));
  return raw.map((value) => value / largest);
}

const products = (one: readonly number[], other: readonly number[]): number => one.reduce((sum, value, index) => sum + value * (other[index] ?? 0), 0);
