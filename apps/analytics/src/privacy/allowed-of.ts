import type { EventEnvelope } from '@lifeos/events';
import type { Queryable } from '@lifeos/postgres';
import type { Consents } from '@lifeos/service';

/** Those of the events, all of one type, that their people still let be kept: what was dropped must not come back. */
export async function allowedOf<E extends EventEnvelope<{ readonly user_id: number }>>(db: Queryable, consents: Consents, events: readonly E[]): Promise<E[]> {
  const [first] = events;
  if (!first) return [];
  const allowed = await consents.allowing(db, first.type, events.map(({ payload }) => payload.user_id));
  return events.filter(({ payload }) => allowed.has(payload.user_id));
}
