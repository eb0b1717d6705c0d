import type { HandlerContext } from '@lifeos/delivery';
import type { EventEnvelope } from '@lifeos/events';
import { restoreEarlierLife } from '../earlier-life/restore-earlier-life.js';
import { type CoreStatName, gainExperience, pointsIn } from './core-stats.js';
import { LoadedStats } from './loaded-stats.js';
import { poolFact } from './pool-fact.js';
import { type CoreStatChange, tellCoreChanges } from './tell-core-changes.js';

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
  const userIds = due.map(({ userId }) => userId);
  await restoreEarlierLife(context.tx, userIds, 'whole');
  const stats = await LoadedStats.of(context.tx, userIds);
  const changes: CoreStatChange[] = [];
  for (const { cause, userId, name, amount, source } of due) {
    const { stat, change } = gainExperience(stats.get(userId, name), amount);
    stats.put({ userId, name, stat });
    if (change) changes.push({ cause, userId, name, source, fact: poolFact(name, pointsIn(stat)), at: cause.timestamp, ...change });
  }
  await stats.save(context.tx);
  await tellCoreChanges(context, changes);
}
