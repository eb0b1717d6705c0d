import type { HandlerContext } from '@lifeos/delivery';
import { timeZonesOf } from '@lifeos/service';
import { raiseValue } from '../core-stats/core-stats.js';
import { LoadedStats } from '../core-stats/loaded-stats.js';
import { type CoreStatChange, tellCoreChanges } from '../core-stats/tell-core-changes.js';
import { restoreEarlierLife } from '../earlier-life/restore-earlier-life.js';
import { loadLifeStats, saveLifeStats } from '../life-stats/life-stat-store.js';
import type { LifeStat, LifeStatName } from '../life-stats/life-stats.js';
import { byStat, dayChanges, knownAlready } from './day-changes.js';
import { type ExternalData, type FreshData, freshData } from './fresh-points.js';
import { isWorkout, pointsForWorkouts } from './metrics.js';
import { SyncWorkouts } from './sync-workouts.js';
import { type LifeStatChange, tellLifeChanges } from './tell-life-changes.js';
import { toldOf, type ToldOf } from './told-data.js';

const statsOfWorkouts = ['strength', 'endurance'] as const;
const lifeStatOfWorkouts = 'health.physical';

/** S-15, S-16: a whole batch of external data; what is not fresh or concerns no stat has no effect. */
export async function takeInExternalData(context: HandlerContext, events: readonly ExternalData[]): Promise<void> {
  const { tx } = context;
  await restoreEarlierLife(tx, events.map(({ payload }) => payload.user_id), 'whole');
  const data = await freshData(tx, events);
  if (data.length === 0) return;
  const told = await toldOf(tx, data);
  await tellLifeChanges(context, await changeLifeStats(context, data, told));
  await tellCoreChanges(context, await raiseCoreStats(context, data, told));
}

async function changeLifeStats({ tx }: HandlerContext, data: readonly FreshData[], told: ToldOf): Promise<LifeStatChange[]> {
  const userIds = peopleOf(data);
  const [rows, zones] = [await loadLifeStats(tx, userIds), await timeZonesOf(tx, userIds)];
  const known = new Map(rows.map((row) => [keyOf(row.userId, row.name), row.stat]));
  const changed = new Map<string, { userId: number; name: LifeStatName; stat: LifeStat }>();
  const changes: LifeStatChange[] = [];
  for (const { event, points } of data) {
    const { user_id: userId } = event.payload;
    for (const [name, ofStat] of byStat(points)) {
      const key = keyOf(userId, name);
      const before = changed.get(key)?.stat ?? known.get(key) ?? null;
      const isTold = told(event, name);
      const days = isTold ? [] : dayChanges(before, ofStat, zones.get(userId) ?? 'UTC');
      changes.push(...days.map((day, ordinal) => ({ ...day, event, name, ordinal })));
      const stat = isTold && before ? knownAlready(before, ofStat) : days.at(-1)?.after;
      if (stat) changed.set(key, { userId, name, stat });
    }
  }
  await saveLifeStats(tx, [...changed.values()]);
  return changes;
}

async function raiseCoreStats({ tx }: HandlerContext, data: readonly FreshData[], told: ToldOf): Promise<CoreStatChange[]> {
  const active = data.map(({ event, points }) => ({ event, workouts: points.filter(isWorkout).length })).filter(({ workouts }) => workouts > 0);
  if (active.length === 0) return [];
  const syncs = await SyncWorkouts.of(tx, active.map(({ event }) => event));
  const stats = await LoadedStats.of(tx, active.map(({ event }) => event.payload.user_id));
  const changes: CoreStatChange[] = [];
  for (const { event, workouts } of active) {
    const points = pointsForWorkouts(syncs.add(event, workouts), workouts);
    if (points === 0 || told(event, lifeStatOfWorkouts)) continue;
    const { user_id: userId } = event.payload;
    for (const name of statsOfWorkouts) {
      const { stat, change } = raiseValue(stats.get(userId, name), points);
      stats.put({ userId, name, stat });
      if (change) changes.push({ cause: event, userId, name, source: 'integration', fact: `${name} data ${event.eventId}`, at: event.timestamp, ...change });
    }
  }
  await syncs.save(tx);
  await stats.save(tx);
  return changes;
}

const peopleOf = (data: readonly FreshData[]): number[] => [...new Set(data.map(({ event }) => event.payload.user_id))];

const keyOf = (userId: number, name: LifeStatName): string => `${userId} ${name}`;
