import { localDay } from '@lifeos/service';
import { type LifeStat, type LifeStatName, takeIn } from '../life-stats/life-stats.js';
import { type DataPoint, metricOf } from './metrics.js';

/** What one event's readings made of a stat on one day (S-15). */
export interface DayChange {
  readonly before: LifeStat | null;
  readonly after: LifeStat;
  /** The day's last reading. */
  readonly at: Date;
}

/** An event's readings by the stat that they concern; those that concern none are left out. */
export function byStat(points: readonly DataPoint[]): Map<LifeStatName, DataPoint[]> {
  const groups = new Map<LifeStatName, DataPoint[]>();
  for (const point of points) {
    const metric = metricOf(point);
    if (metric) addTo(groups, metric.stat, point);
  }
  return groups;
}

function addTo<K>(groups: Map<K, DataPoint[]>, key: K, point: DataPoint): void {
  const group = groups.get(key);
  if (group) group.push(point);
  else groups.set(key, [point]);
}

/** Takes readings of one stat in, day by day in the person's calendar; a day that changed nothing is left out. */
export function dayChanges(before: LifeStat | null, points: readonly DataPoint[], timeZone: string): DayChange[] {
  const changes: DayChange[] = [];
  let stat = before;
  for (const day of daysOf(points, timeZone)) {
    const start = stat;
    for (const point of day) stat = after(stat, point) ?? stat;
    const last = day.at(-1);
    if (stat && stat !== start && last) changes.push({ before: start, after: stat, at: last.recorded_at });
  }
  return changes;
}

function after(stat: LifeStat | null, point: DataPoint): LifeStat | null {
  const metric = metricOf(point);
  return metric && takeIn(stat, { how: metric.how, value: point.value, unit: metric.unit, recordedAt: point.recorded_at });
}

function daysOf(points: readonly DataPoint[], timeZone: string): DataPoint[][] {
  const days = new Map<string, DataPoint[]>();
  for (const point of points.toSorted((a, b) => a.recorded_at.getTime() - b.recorded_at.getTime())) {
    addTo(days, localDay(point.recorded_at, timeZone), point);
  }
  return [...days.values()];
}

/** A stat whose readings an earlier life took in already: its value holds them, and older ones must not replace it. */
export function knownAlready(stat: LifeStat, points: readonly DataPoint[]): LifeStat {
  const times = points.filter((point) => metricOf(point)?.how === 'set').map(({ recorded_at }) => recorded_at.getTime());
  if (times.length === 0) return stat;
  return { ...stat, setAt: new Date(Math.max(...times, stat.setAt?.getTime() ?? -Infinity)) };
}
