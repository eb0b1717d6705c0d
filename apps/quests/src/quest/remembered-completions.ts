import type { EventEnvelope } from '@lifeos/events';
import type { Queryable } from '@lifeos/postgres';

/** An auto-completion that waits for its quest to turn active. */
export interface RememberedCompletion {
  readonly at: Date;
  readonly cause: Pick<EventEnvelope, 'eventId' | 'correlationId' | 'traceparent'>;
}

/** The first one counts. */
export async function remember(tx: Queryable, questId: number, { at, cause }: RememberedCompletion): Promise<void> {
  await tx.query(
    'INSERT INTO remembered_completions (quest_id, event_id, correlation_id, completion_timestamp) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING',
    [questId, cause.eventId, cause.correlationId, at],
  );
}

export async function takeRemembered(tx: Queryable, questId: number): Promise<RememberedCompletion | null> {
  const { rows } = await tx.query<{ event_id: string; correlation_id: string | null; completion_timestamp: Date }>(
    'DELETE FROM remembered_completions WHERE quest_id = $1 RETURNING event_id, correlation_id, completion_timestamp',
    [questId],
  );
  const [row] = rows;
  return row ? { at: row.completion_timestamp, cause: { eventId: row.event_id, correlationId: row.correlation_id, traceparent: null } } : null;
}
