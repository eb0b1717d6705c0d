import type { Queryable } from '@lifeos/postgres';
import type { LogPosition } from '../position.js';

/** A row of the log as the relay needs it. */
export interface LogRow {
  readonly epoch: number;
  readonly log_xid: string;
  readonly seq: string;
  readonly event_id: string;
  readonly key: string;
  readonly topic: string | null;
  readonly type: string;
  readonly version: string;
  readonly occurred_at: Date;
  readonly correlation_id: string | null;
  readonly causation_id: string | null;
  readonly traceparent: string | null;
  /** Null for events that need no consent. */
  readonly consent_revision: string | null;
  /** Null for what is not sent: private events, and those that are not settled. */
  readonly payload: Buffer | null;
}

export interface LogPage {
  /** In log order; no event can come before or between them any more. */
  readonly rows: readonly LogRow[];
  /** There were rows that a transaction which is still open may come before. */
  readonly hasUnsettled: boolean;
  /** There may be more behind the last one. */
  readonly isFull: boolean;
}

/** Of settled rows alone the transaction's id tells the final order; the horizon is that of the whole server. */
const settled = '(l.xid < pg_snapshot_xmin(pg_current_snapshot()) OR l.epoch < (SELECT epoch FROM event_log_epoch))';

const columns = `l.epoch, l.xid::text AS log_xid, l.seq, l.event_id, l.key, l.topic, l.type, l.version, l.occurred_at,
  l.correlation_id, l.causation_id, l.traceparent, l.consent_revision`;

const readAfter = {
  name: 'relay_read_after',
  text: `
    SELECT ${columns}, ${settled} AS settled, CASE WHEN l.topic IS NOT NULL AND ${settled} THEN l.payload END AS payload
    FROM event_log l WHERE (l.epoch, l.xid, l.seq) > ($1::int, $2::xid8, $3::bigint)
    ORDER BY l.epoch, l.xid, l.seq LIMIT $4`,
};

export async function readLog(on: Queryable, after: LogPosition, limit: number): Promise<LogPage> {
  const { rows } = await on.query<LogRow & { settled: boolean }>(readAfter, [after.epoch, after.xid, after.seq, limit]);
  const firstUnsettled = rows.findIndex(({ settled }) => !settled);
  return {
    rows: firstUnsettled === -1 ? rows : rows.slice(0, firstUnsettled),
    hasUnsettled: firstUnsettled !== -1,
    isFull: rows.length === limit,
  };
}

/** Rows that are blocked under a topic and key and not skipped, in log order. */
export async function readBlockedRows(on: Queryable, queue: { topic: string; key: string }, limit: number): Promise<LogRow[]> {
  const { rows } = await on.query<LogRow>(
    `SELECT ${columns}, l.payload FROM relay_blocked b JOIN event_log l USING (epoch, xid, seq)
     WHERE b.topic = $1 AND b.key = $2 AND b.skipped_at IS NULL ORDER BY b.epoch, b.xid, b.seq LIMIT $3`,
    [queue.topic, queue.key, limit],
  );
  return rows;
}

export function positionOf(row: LogRow): LogPosition {
  return { epoch: row.epoch, xid: row.log_xid, seq: row.seq };
}
