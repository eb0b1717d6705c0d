import type { Queryable } from '@lifeos/postgres';
import { type CoreStatName, coreStatNames } from '../core-stats/core-stats.js';
import { loadStats } from '../core-stats/stat-store.js';
import { levelWith, totalExperienceOf } from './user-level.js';

/** As R-1 answers it. */
export interface CoreStatsView {
  readonly user_id: number;
  readonly core_stats: Readonly<Record<CoreStatName, number>>;
  /** Mirrored from dashboard's awards (S-6). */
  readonly experience_points: number;
  readonly level: number;
  readonly stat_total: number;
  readonly stat_average: number;
}

/** A person's stats; null while any of the six is missing. */
export async function coreStatsOf(db: Queryable, userId: number): Promise<CoreStatsView | null> {
  const [rows, experience] = await Promise.all([loadStats(db, [userId]), totalExperienceOf(db, userId)]);
  const values = new Map(rows.map(({ name, stat }) => [name, stat.value]));
  if (!coreStatNames.every((name) => values.has(name))) return null;
  const ordered = coreStatNames.map((name): [CoreStatName, number] => [name, values.get(name) ?? 0]);
  const total = ordered.reduce((sum, [, value]) => sum + value, 0);
  return {
    user_id: userId,
    core_stats: Object.fromEntries(ordered) as Record<CoreStatName, number>,
    experience_points: experience,
    level: levelWith(experience),
    stat_total: total,
    stat_average: Math.round((total / coreStatNames.length) * 100) / 100,
  };
}
