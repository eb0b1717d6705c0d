import type { Queryable } from '@lifeos/postgres';
import { loadLifeStats } from '../life-stats/life-stat-store.js';
import { categories, type Category, type LifeSource, type LifeStat, lifeStatName, progressOf, type Progress, type Subcategory, subcategoriesOf } from '../life-stats/life-stats.js';

/** One life stat as R-3 answers it; without a value when it was never recorded. */
export interface LifeStatView extends Progress {
  readonly value: number | null;
  readonly target: number | null;
  readonly unit: string;
  readonly source: LifeSource | null;
  readonly updated_at: Date | null;
}

export interface LifeStatsView {
  readonly user_id: number;
  readonly life_stats: Readonly<Record<Category, Readonly<Partial<Record<Subcategory, LifeStatView>>>>>;
}

/** All life stats of a person (S-8) with their progress (S-10). */
export async function lifeStatsOf(db: Queryable, userId: number): Promise<LifeStatsView> {
  const kept = new Map((await loadLifeStats(db, [userId])).map(({ name, stat }) => [name, stat]));
  const part = (category: Category, subcategory: Subcategory): [Subcategory, LifeStatView] => {
    const name = lifeStatName(category, subcategory);
    return [subcategory, viewOf(name ? kept.get(name) : undefined)];
  };
  const areas = categories.map((category) => [category, Object.fromEntries(subcategoriesOf(category).map((subcategory) => part(category, subcategory)))]);
  return { user_id: userId, life_stats: Object.fromEntries(areas) as LifeStatsView['life_stats'] };
}

function viewOf(stat: LifeStat | undefined): LifeStatView {
  if (!stat) return { value: null, target: null, unit: '', source: null, updated_at: null, progress: 0, reached: false, distance: null };
  const { value, target, unit, source, updatedAt } = stat;
  return { value, target, unit, source, updated_at: updatedAt, ...progressOf(stat) };
}
