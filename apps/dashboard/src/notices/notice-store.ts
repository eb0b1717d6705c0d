import type { EventEnvelope } from '@lifeos/events';
import type { Queryable } from '@lifeos/postgres';
import type { Notice } from './notice.js';

/** A notice as its user sees it. */
export interface StoredNotice {
  readonly notification_id: number;
  readonly kind: string;
  readonly title: string;
  readonly details: Readonly<Record<string, unknown>>;
  readonly created_at: Date;
  readonly read: boolean;
}

/** D-6: at most one notice an event. */
export async function storeNotices(tx: Queryable, notices: readonly { cause: EventEnvelope; userId: number; notice: Notice }[]): Promise<void> {
  const rows = notices.map(({ cause, userId, notice }) => ({ ...notice, event_id: cause.eventId, user_id: userId, at: cause.timestamp }));
  const sql = `INSERT INTO notices (event_id, user_id, kind, title, details, created_at)
    SELECT event_id, user_id, kind, title, details, at
    FROM json_to_recordset($1::json) AS n(event_id uuid, user_id bigint, kind text, title text, details jsonb, at timestamptz)
    ON CONFLICT (event_id) DO NOTHING`;
  await tx.query(sql, [JSON.stringify(rows)]);
}

/** D-6: unread first, then the newest first. */
export async function noticesOf(source: Queryable, userId: number, limit: number, offset: number): Promise<StoredNotice[]> {
  const sql = `SELECT notice_id AS notification_id, kind, title, details, created_at, read_at IS NOT NULL AS read FROM notices
    WHERE user_id = $1 ORDER BY (read_at IS NOT NULL), created_at DESC, notice_id DESC LIMIT $2 OFFSET $3`;
  const { rows } = await source.query<Omit<StoredNotice, 'notification_id'> & { notification_id: string }>(sql, [userId, limit, offset]);
  return rows.map((row) => ({ ...row, notification_id: Number(row.notification_id) }));
}

export async function unreadCountOf(source: Queryable, userId: number): Promise<number> {
  const { rows } = await source.query<{ unread: string }>('SELECT count(*) AS unread FROM notices WHERE user_id = $1 AND (read_at IS NOT NULL) = false', [userId]);
  return Number(rows[0]?.unread);
}

/** Whose notice it is; null when there is none. */
export async function ownerOfNotice(source: Queryable, noticeId: number): Promise<number | null> {
  const { rows } = await source.query<{ user_id: string }>('SELECT user_id FROM notices WHERE notice_id = $1', [noticeId]);
  return rows[0] ? Number(rows[0].user_id) : null;
}

/** Reading it again keeps the first time. */
export async function markAsRead(source: Queryable, noticeId: number, at: Date): Promise<void> {
  await source.query('UPDATE notices SET read_at = $2 WHERE notice_id = $1 AND read_at IS NULL', [noticeId, at]);
}
