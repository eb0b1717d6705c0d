import { CoreStatUpdated } from '@lifeos/contracts';
import type { HandlerContext } from '@lifeos/delivery';
import type { EventEnvelope } from '@lifeos/events';
import { type CoreStatName, gainExperience, initialCoreStat } from './core-stats.js';
import { type HistoryRow, loadStats, saveStats, type StatRow, writeHistory } from './stat-store.js';

/** XP that one event brings to one core stat. */
export interface StatExperience {
  readonly cause: EventEnvelope;
  readonly userId: number;
  readonly name: CoreStatName;
  readonly amount: number;
  readonly source: 'quest' | 'habit' | 'skill';
}

/** Books a whole batch of XP: reads all stats concerned once, decides in memory, writes once. */
export async function bookExperience(context: HandlerContext, gains: readonly StatExperience[]): Promise<void> {
  const due = gains.filter((gain) => gain.amount > 0);
  if (due.length === 0) return;
  const stats = await statsOf(context, due);
  const history: HistoryRow[] = [];
  for (const gain of due) {
    const { stat, change } = gainExperience(stats.of(gain).stat, gain.amount);
    stats.put({ userId: gain.userId, name: gain.name, stat });
    if (!change) continue;
    history.push({ userId: gain.userId, name: gain.name, reason: gain.source, at: gain.cause.timestamp, ...change });
    context.raise(
      CoreStatUpdated,
      { user_id: gain.userId, stat_name: gain.name, previous_value: change.previous, new_value: change.next, source: gain.source },
      { cause: gain.cause },
    );
  }
  await saveStats(context.tx, stats.changed());
  await writeHistory(context.tx, history);
}

async function statsOf(context: HandlerContext, gains: readonly StatExperience[]) {
  const keyOf = ({ userId, name }: Pick<StatRow, 'userId' | 'name'>): string => `${userId} ${name}`;
  const rows = await loadStats(context.tx, [...new Set(gains.map((gain) => gain.userId))]);
  const known = new Map(rows.map((row) => [keyOf(row), row]));
  const changed = new Map<string, StatRow>();
  return {
    of: ({ userId, name }: StatExperience): StatRow =>
      changed.get(keyOf({ userId, name })) ?? known.get(keyOf({ userId, name })) ?? { userId, name, stat: initialCoreStat },
    put: (row: StatRow): void => void changed.set(keyOf(row), row),
    changed: (): StatRow[] => [...changed.values()],
  };
}
