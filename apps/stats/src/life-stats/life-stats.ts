/** S-8: what is measured in each area of life. */
export const lifeStatCatalog = {
  health: ['physical', 'mental_emotional', 'food_nutrients', 'other'],
  wealth: ['work_company', 'finance_savings_investments', 'personal_growth_reading'],
  relationships: ['family', 'friendships', 'romance', 'social_skills', 'adventure_exploration'],
} as const;

export type Category = keyof typeof lifeStatCatalog;
export type Subcategory = (typeof lifeStatCatalog)[Category][number];

type Names = { [C in Category]: `${C}.${(typeof lifeStatCatalog)[C][number]}` };
/** As events name it. */
export type LifeStatName = Names[Category];

export const categories = Object.keys(lifeStatCatalog) as Category[];

export const subcategoriesOf = (category: Category): readonly Subcategory[] => lifeStatCatalog[category];

/** Every name, in the order of the catalog. */
export const lifeStatNames: readonly LifeStatName[] = categories.flatMap((category) =>
  subcategoriesOf(category).map((subcategory) => `${category}.${subcategory}` as LifeStatName),
);

export function partsOf(name: LifeStatName): { category: Category; subcategory: Subcategory } {
  const [category, subcategory] = name.split('.') as [Category, Subcategory];
  return { category, subcategory };
}

/** Null when the category has no such part. */
export function lifeStatName(category: string, subcategory: string): LifeStatName | null {
  return lifeStatNames.find((name) => name === `${category}.${subcategory}`) ?? null;
}

export type LifeSource = 'manual' | 'integration';

/** One life stat of one person (S-9). */
export interface LifeStat {
  readonly value: number;
  readonly target: number | null;
  readonly unit: string;
  readonly source: LifeSource;
  readonly updatedAt: Date;
  /** Time of the newest value that replaced the one before; null while there were only additions. */
  readonly setAt: Date | null;
}

/** Events carry four places and fifteen digits. */
export const largestValue = 99_999_999_999.9999;

/** A number as events can carry it: four places, within what they hold. */
export function asDecimal(value: number): number {
  const rounded = Math.round(value * 10_000) / 10_000;
  return Math.max(-largestValue, Math.min(largestValue, rounded)) || 0;
}

export interface Progress {
  /** Per cent of the target, two places. */
  readonly progress: number;
  readonly reached: boolean;
  /** What is left to the target. */
  readonly distance: number | null;
}

/** S-10. */
export function progressOf({ value, target }: Pick<LifeStat, 'value' | 'target'>): Progress {
  if (target === null) return { progress: 0, reached: false, distance: null };
  // Of whole numbers the quotient is exact where its second place is.
  const percent = target === 0 ? 0 : Math.round((Math.round(value * 10_000) * 10_000) / Math.round(target * 10_000)) / 100;
  return { progress: Math.min(100, percent), reached: value >= target, distance: asDecimal(Math.max(0, target - value)) };
}

/** What a person enters; what is left out stays as it was. */
export interface Entry {
  readonly value: number;
  readonly target?: number | null | undefined;
  readonly unit?: string | undefined;
}

/** A value entered by hand, also while a source is down (S-9, S-17). */
export function enter(before: LifeStat | null, { value, target, unit }: Entry, at: Date): LifeStat {
  return {
    value,
    target: target === undefined ? (before?.target ?? null) : target,
    unit: unit ?? before?.unit ?? '',
    source: 'manual',
    updatedAt: at,
    setAt: at,
  };
}

/** A reading of a connected service, as it concerns one stat. */
export interface Reading {
  readonly how: 'add' | 'set';
  readonly value: number;
  readonly unit: string;
  readonly recordedAt: Date;
}

/** Of a stat that was never recorded. */
const nothing = { value: 0, target: null, updatedAt: new Date(0), setAt: null };

/** Takes a reading in (S-15); null when a newer value already replaced what it tells. */
export function takeIn(before: LifeStat | null, { how, value, unit, recordedAt }: Reading): LifeStat | null {
  const start = before ?? nothing;
  const about = { target: start.target, unit, source: 'integration', updatedAt: start.updatedAt > recordedAt ? start.updatedAt : recordedAt } as const;
  if (how === 'add') return { ...about, value: asDecimal(start.value + value), setAt: start.setAt };
  return start.setAt && recordedAt < start.setAt ? null : { ...about, value: asDecimal(value), setAt: recordedAt };
}
