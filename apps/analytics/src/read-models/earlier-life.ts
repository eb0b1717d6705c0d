import type { AnyEventType } from '@lifeos/contracts';
import type { Queryable } from '@lifeos/postgres';

/**
 * What a service that was rebuilt had published before: it stands in the log under epoch 0 before
 * anything is handled. Decisions that hung on how topics interleaved, or on consents of that time, are
 * not taken a second time with another outcome.
 */
export interface EarlierLife {
  /** True when an event of this time was judged before: then exactly what is in the log was told. */
  hasJudged(userId: number, at: Date): boolean;
  hasTold(eventId: string): boolean;
}

type HasJudged = EarlierLife['hasJudged'];

/** Looks up these people's newest event of a type, and which of the events that may be raised at times judged before were raised then. */
export async function earlierLife(db: Queryable, type: AnyEventType, userIds: readonly number[], eventIds: (hasJudged: HasJudged) => readonly string[]): Promise<EarlierLife> {
  const { rows } = await db.query<{ key: string; newest: Date }>(
    // What a command raised says nothing of how far the topics were handled.
    `SELECT key, newest FROM unnest($1::text[]) AS person (key) CROSS JOIN LATERAL (
       SELECT occurred_at AS newest FROM event_log
       WHERE epoch = 0 AND event_log.key = person.key AND type = $2 AND causation_id IS NOT NULL ORDER BY occurred_at DESC LIMIT 1) own`,
    [userIds.map(String), type.recordName],
  );
  const newest = new Map(rows.map((row) => [Number(row.key), row.newest.getTime()]));
  const hasJudged: HasJudged = (userId, at) => at.getTime() <= (newest.get(userId) ?? Number.NEGATIVE_INFINITY);
  const told = await toldBefore(db, eventIds(hasJudged));
  return { hasJudged, hasTold: (eventId) => told.has(eventId) };
}

async function toldBefore(db: Queryable, eventIds: readonly string[]): Promise<ReadonlySet<string>> {
  if (eventIds.length === 0) return new Set();
  const { rows } = await db.query<{ event_id: string }>('SELECT event_id FROM event_log WHERE epoch = 0 AND event_id = ANY ($1::uuid[])', [eventIds]);
  return new Set(rows.map(({ event_id }) => event_id));
}
