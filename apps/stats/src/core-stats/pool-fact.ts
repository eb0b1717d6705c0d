import { CoreStatUpdated } from '@lifeos/contracts';
import { derivedEventId } from '@lifeos/events';
import type { CoreStatName } from './core-stats.js';

/** What E-5 tells of a pool: that it stands at so many points, whichever event brought the last XP. */
export const poolFact = (name: CoreStatName, points: number): string => `${name} pool ${points}`;

/** More than any pool can hold: its 200th point alone needs more XP than a person can have. */
const mostPoints = 200;

/** A change that an earlier life of the service told of. */
export interface ToldChange {
  readonly eventId: string;
  readonly userId: number;
  readonly name: CoreStatName;
  readonly previous: number;
  readonly next: number;
  readonly source: string;
}

const fromPool: ReadonlySet<string> = new Set(['quest', 'habit', 'skill']);

/**
 * Points of the pool that were told of up to and with a change. The event's id says which they are; it
 * can be more than the value rose by, since nothing is told of points gained at 100.
 */
export function toldPointsAfter(told: number, { eventId, userId, name, previous, next, source }: ToldChange): number {
  if (!fromPool.has(source)) return told;
  const least = told + next - previous;
  for (let points = least; points <= mostPoints; points += 1) {
    const id = derivedEventId({ context: CoreStatUpdated.context, eventName: CoreStatUpdated.name, userId, fact: poolFact(name, points) });
    if (id === eventId) return points;
  }
  return least;
}
