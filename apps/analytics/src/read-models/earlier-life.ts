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

/** Looks up these people's newest event of a type, and which of the events that may be raised now were raised then. */
export async function earlierLife(db: Queryable, type: AnyEventType, userIds: readonly number[], eventIds: () => readonly string[]): Promise<EarlierLife> {
  const { rows } = await db.query<{ key: string; newest: Date }>(
    // What a command raised says nothing of how far the topics were handled.
    `SELECT key, max(occurred_at) AS newest FROM event_log
     WHERE epoch = 0 AND key = ANY ($1::text[]) AND type = $2 AND causation_id IS NOT NULL GROUP BY key`,
    [userIds.map(String), type.recordName],
  );
  const newest = new Map(rows.map((row) => [Number(row.key), row.newest]));
  const told = newest.size === 0 ? new Set<string>() : await toldBefore(db, eventIds());
  return {
    hasJudged: (userId, at) => at <= (newest.get(userId) ?? new Date(Number.NaN)),
    hasTold: (eventId) => told.has(eventId),
  };
}

async function toldBefore(db: Queryable, eventIds: readonly string[]): Promise<ReadonlySet<string>> {
  const { rows } = await db.query<{ event_id: string }>('SELECT event_id FROM event_log WHERE epoch = 0 AND event_id = ANY ($1::uuid[])', [eventIds]);
  return new Set(rows.map(({ event_id }) => event_id));
}
