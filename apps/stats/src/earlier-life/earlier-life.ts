import type { CoreStatName } from '../core-stats/core-stats.js';
import { toldPointsAfter } from '../core-stats/pool-fact.js';
import type { HistoryRow } from '../history/stat-history.js';
import { type LifeSource, type LifeStat, type LifeStatName, lifeStatName } from '../life-stats/life-stats.js';
import type { ToldEvent } from './told-events.js';

/** A core stat as it was last told. */
export interface ToldStat {
  readonly value: number;
  /** Points of its pool that were told of. */
  readonly told: number;
}

/** All that one person's own events say. */
export interface EarlierLife {
  readonly core: Map<CoreStatName, ToldStat>;
  readonly life: Map<LifeStatName, LifeStat>;
  readonly milestones: { stat_name: string; milestone_value: number }[];
}

export const emptyLife = (): EarlierLife => ({ core: new Map(), life: new Map(), milestones: [] });

/** Adds the next event; gives back the line of history that it stands for. */
export function follow(life: EarlierLife, event: ToldEvent): HistoryRow | null {
  if (event.kind === 'core') return followCore(life, event);
  if (event.kind === 'life') return followLife(life, event);
  life.milestones.push(event.payload);
  return null;
}

function followCore({ core }: EarlierLife, { eventId, at, payload }: Extract<ToldEvent, { kind: 'core' }>): HistoryRow {
  const { user_id: userId, previous_value: previous, new_value: next, source } = payload;
  const name = payload.stat_name as CoreStatName;
  const told = toldPointsAfter(core.get(name)?.told ?? 0, { eventId, userId, name, previous, next, source });
  core.set(name, { value: next, told });
  return { userId, type: 'core', name, previous, next, reason: source, at, eventId };
}

function followLife({ life }: EarlierLife, { eventId, at, payload }: Extract<ToldEvent, { kind: 'life' }>): HistoryRow | null {
  const { user_id: userId, category, subcategory, previous_value: previous, new_value: next, unit, source, target } = payload;
  const name = lifeStatName(category, subcategory);
  if (!name) return null;
  const before = life.get(name);
  life.set(name, {
    value: next,
    target,
    unit,
    source: source as LifeSource,
    updatedAt: before && before.updatedAt > at ? before.updatedAt : at,
    // Whether a reading replaced the value or was added shows when it comes again.
    setAt: source === 'manual' ? at : (before?.setAt ?? null),
  });
  return { userId, type: 'life', name, previous, next, reason: source, at, eventId };
}
