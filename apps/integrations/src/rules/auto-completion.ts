export const operators = ['>=', '>', '==', '<=', '<'] as const;

/** completes a quest when the sum of a metric since the quest became active meets the threshold. */
export interface Rule {
  /** Service in lower case. */
  readonly source: string;
  readonly metric: string;
  readonly operator: string;
  readonly threshold: number;
}

/** What was measured of one metric since a quest became active. */
export interface Measured {
  readonly sum: number;
  readonly points: number;
}

/** Sums of floats that a person would call equal: 0.1 + 0.2 is 0.3. */
const relativeTolerance = 1e-9;

function equal(a: number, b: number): boolean {
  return a === b || Math.abs(a - b) <= relativeTolerance * Math.max(1, Math.abs(a), Math.abs(b));
}

const compare: Readonly<Record<string, (sum: number, threshold: number) => boolean>> = {
  '>=': (sum, threshold) => sum > threshold || equal(sum, threshold),
  '>': (sum, threshold) => sum > threshold && !equal(sum, threshold),
  '==': equal,
  '<=': (sum, threshold) => sum < threshold || equal(sum, threshold),
  '<': (sum, threshold) => sum < threshold && !equal(sum, threshold),
};

/** Nothing measured is no measurement of 0: such a rule is not met. An operator that is not known here meets nothing. */
export function isMet({ operator, threshold }: Rule, { sum, points }: Measured): boolean {
  if (points === 0 || !Object.hasOwn(compare, operator)) return false;
  return compare[operator]?.(sum, threshold) ?? false;
}

/** One met rule is enough: the first of those that the source concerns, and what met it. Null when none is met. */
export function metRule(rules: readonly Rule[], source: string, measured: (metric: string) => Measured): { rule: Rule; sum: number } | null {
  const rule = rules.find((one) => one.source.toLowerCase() === source && isMet(one, measured(one.metric)));
  return rule ? { rule, sum: measured(rule.metric).sum } : null;
}
