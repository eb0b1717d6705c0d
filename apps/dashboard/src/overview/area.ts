import type { LifeStat } from '../read-models/life-stats.js';

/** S-8: the areas of life and their parts. */
export const areas = {
  health: ['physical', 'mental_emotional', 'food_nutrients', 'other'],
  wealth: ['work_company', 'finance_savings_investments', 'personal_growth_reading'],
  relationships: ['family', 'friendships', 'romance', 'social_skills', 'adventure_exploration'],
} as const;

export type Area = keyof typeof areas;
export const areaNames = ['health', 'wealth', 'relationships'] as const satisfies readonly Area[];

/** S-10: per cent of the target, two places; 0 without one. */
export function progressOf({ value, target }: Pick<LifeStat, 'value' | 'target'>): number {
  if (target === null || target === 0) return 0;
  return Math.max(0, Math.min(100, Math.round((value / target) * 10_000) / 100));
}

/** E-8 as far as it counts here. */
export interface Trend {
  readonly stat_name: string;
  readonly trend_type: string;
}

export interface Standing {
  readonly values: readonly Pick<LifeStat, 'subcategory' | 'value' | 'target'>[];
  readonly trends: readonly Trend[];
  /** E-35's score of the area, null without consent or before the first one. */
  readonly score: number | null;
  /** E-36's newest word on the area, if it is recent. */
  readonly shift: { readonly shift_type: string; readonly severity: string } | null;
}

export interface Concern {
  /** A part of the area, or the area itself. */
  readonly subject: string;
  readonly reason: 'below_target' | 'decreasing' | 'low_balance' | 'declining' | 'imbalance';
}

const enoughProgress = 60;
const enoughScore = 0.6;

/** D-8: what needs attention: under 60 % of its target or of the balance (AN-4), falling, or shifted for the worse. */
export function concernsOf(area: Area, { values, trends, score, shift }: Standing): Concern[] {
  const falling = trends.filter(({ trend_type }) => trend_type === 'decreasing').map(({ stat_name }) => stat_name.split('.').at(-1) ?? stat_name);
  const concerns: Concern[] = [
    ...values.filter((stat) => stat.target !== null && stat.target !== 0 && progressOf(stat) < enoughProgress).map(({ subcategory }) => ({ subject: subcategory, reason: 'below_target' as const })),
    ...[...new Set(falling)].map((subject) => ({ subject, reason: 'decreasing' as const })),
  ];
  if (score !== null && score < enoughScore) concerns.push({ subject: area, reason: 'low_balance' });
  if (shift?.shift_type === 'decline') concerns.push({ subject: area, reason: 'declining' });
  if (shift?.shift_type === 'imbalance') concerns.push({ subject: area, reason: 'imbalance' });
  return concerns;
}
