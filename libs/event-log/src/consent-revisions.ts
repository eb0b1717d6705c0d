import type { Queryable } from '@lifeos/postgres';
import type { EncodedEvent } from './encoded-event.js';

/** Revisions of people's consents as the service knows them in a transaction; who is not known is left out. */
export type ConsentRevisions = (on: Queryable, userIds: readonly number[]) => Promise<ReadonlyMap<number, number>>;

/** A revision for each event, null for those that are not sensitive; null altogether when none is, and then nobody is asked. */
export async function revisionsFor(on: Queryable, events: readonly EncodedEvent[], revisionsOf: ConsentRevisions | undefined): Promise<(number | null)[] | null> {
  if (revisionsOf === undefined || !events.some(isSensitive)) return null;
  const known = await revisionsOf(on, [...new Set(events.filter(isSensitive).flatMap(({ event }) => userIdOf(event.key) ?? []))]);
  return events.map((one) => (isSensitive(one) ? (known.get(userIdOf(one.event.key) ?? 0) ?? null) : null));
}

const isSensitive = ({ event }: EncodedEvent): boolean => event.type.purpose !== null;

/** Events are keyed by the person; another key names nobody. */
const userIdOf = (key: string): number | null => (/^[1-9]\d{0,14}$/.test(key) ? Number(key) : null);
