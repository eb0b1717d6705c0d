import type { Queryable } from '@lifeos/postgres';
import { type CoreStat, type CoreStatName, initialCoreStat } from './core-stats.js';
import { loadStats, saveStats, type StatRow } from './stat-store.js';

/** Core stats of many people, read once, decided on in memory, written once. */
export class LoadedStats {
  private readonly changed = new Map<string, StatRow>();

  private constructor(private readonly known: ReadonlyMap<string, StatRow>) {}

  static async of(tx: Queryable, userIds: readonly number[]): Promise<LoadedStats> {
    const rows = await loadStats(tx, [...new Set(userIds)]);
    return new LoadedStats(new Map(rows.map((row) => [keyOf(row.userId, row.name), row])));
  }

  get(userId: number, name: CoreStatName): CoreStat {
    const key = keyOf(userId, name);
    return (this.changed.get(key) ?? this.known.get(key))?.stat ?? initialCoreStat;
  }

  put(row: StatRow): void {
    this.changed.set(keyOf(row.userId, row.name), row);
  }

  async save(tx: Queryable): Promise<void> {
    if (this.changed.size > 0) await saveStats(tx, [...this.changed.values()]);
  }
}

const keyOf = (userId: number, name: CoreStatName): string => `${userId} ${name}`;
