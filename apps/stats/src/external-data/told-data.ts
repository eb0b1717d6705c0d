import { LifeStatUpdated } from '@lifeos/contracts';
import { derivedEventId } from '@lifeos/events';
import type { Queryable } from '@lifeos/postgres';
import type { LifeStatName } from '../life-stats/life-stats.js';
import { byStat } from './day-changes.js';
import type { ExternalData, FreshData } from './fresh-points.js';

/** What E-6 tells of external data: which event, which stat, and its first, second … day that changed. */
export const dataFact = (event: ExternalData, name: LifeStatName, ordinal: number): string => `${event.eventId} ${name} ${ordinal}`;

/** Tells whether an earlier life of the service told of an event's effect on a stat: then the value holds it. */
export type ToldOf = (event: ExternalData, name: LifeStatName) => boolean;

export async function toldOf(tx: Queryable, data: readonly FreshData[]): Promise<ToldOf> {
  const ids = data.flatMap(({ event, points }) => [...byStat(points).keys()].map((name) => idOf(event, name)));
  const { rows } = await tx.query<{ event_id: string }>('SELECT event_id FROM event_log WHERE event_id = ANY ($1::uuid[])', [ids]);
  const told = new Set(rows.map(({ event_id }) => event_id));
  return (event, name) => told.has(idOf(event, name));
}

function idOf(event: ExternalData, name: LifeStatName): string {
  const { context, name: eventName } = LifeStatUpdated;
  return derivedEventId({ context, eventName, userId: event.payload.user_id, fact: dataFact(event, name, 0) });
}
