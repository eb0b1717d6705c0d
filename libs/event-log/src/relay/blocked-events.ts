import type { Queryable } from '@lifeos/postgres';

/** An event that waits in `relay_blocked`. */
export interface BlockedEvent {
  readonly eventId: string;
  readonly topic: string;
  readonly key: string;
  /** Record name. */
  readonly type: string;
  readonly version: string;
  /** Why the broker refused it; null for one that waits behind another of its topic and key. */
  readonly reason: string | null;
  readonly attempts: number;
  readonly blockedAt: Date;
  readonly retryRequested: boolean;
}

export interface BlockedFilter {
  readonly topic?: string;
  readonly key?: string;
  /** Default 100. */
  readonly limit?: number;
}

/** Blocked events in log order. */
export async function listBlocked(on: Queryable, { topic, key, limit = 100 }: BlockedFilter = {}): Promise<BlockedEvent[]> {
  const { rows } = await on.query<BlockedEvent>(
    `SELECT l.event_id AS "eventId", b.topic, b.key, l.type, l.version, b.reason, b.attempts,
            b.blocked_at AS "blockedAt", b.retry_requested AS "retryRequested"
     FROM relay_blocked b JOIN event_log l USING (epoch, xid, seq)
     WHERE b.skipped_at IS NULL AND ($1::text IS NULL OR b.topic = $1) AND ($2::text IS NULL OR b.key = $2)
     ORDER BY b.epoch, b.xid, b.seq LIMIT $3`,
    [topic ?? null, key ?? null, limit],
  );
  return rows;
}

/**
 * Asks the leading relay to send what is blocked again, each key in its order; it does so within
 * seconds. Left out, all keys. Returns how many events are concerned.
 */
export async function retryBlocked(on: Queryable, queue: { topic: string; key: string } | 'all'): Promise<number> {
  const [topic, key] = queue === 'all' ? [null, null] : [queue.topic, queue.key];
  const { rowCount } = await on.query(
    `UPDATE relay_blocked SET retry_requested = true
     WHERE skipped_at IS NULL AND ($1::text IS NULL OR topic = $1) AND ($2::text IS NULL OR key = $2)`,
    [topic, key],
  );
  return rowCount;
}

/**
 * Gives one event up: it is never published, and stays on record with the reason. The later ones of
 * its topic and key are then sent. Returns false when no such event is blocked.
 */
export async function skipBlocked(on: Queryable, eventId: string, reason: string): Promise<boolean> {
  const { rowCount } = await on.query(
    `WITH skipped AS (
       UPDATE relay_blocked b SET skipped_at = now(), skip_reason = $2
       FROM event_log l
       WHERE (l.epoch, l.xid, l.seq) = (b.epoch, b.xid, b.seq) AND l.event_id = $1 AND b.skipped_at IS NULL
       RETURNING b.epoch, b.xid, b.seq, b.topic, b.key), later AS (
       UPDATE relay_blocked b SET retry_requested = true
       FROM skipped s
       WHERE b.topic = s.topic AND b.key = s.key AND b.skipped_at IS NULL AND (b.epoch, b.xid, b.seq) > (s.epoch, s.xid, s.seq))
     SELECT FROM skipped`,
    [eventId, reason],
  );
  return rowCount > 0;
}
