import type { EventEnvelope } from '@lifeos/events';
import type { Queryable } from '@lifeos/postgres';
import { allowedTypes } from '../consented/allowed-types.js';
import { isoTime, listOf } from '../read-models/rows.js';
import type { Notice, NoticeKind } from './notice.js';

/** A notice as its user sees it. */
export interface StoredNotice {
  readonly notification_id: number;
  readonly kind: NoticeKind;
  readonly title: string;
  readonly details: Readonly<Record<string, unknown>>;
  readonly created_at: string;
  readonly read: boolean;
}

export interface NewNotice {
  readonly cause: EventEnvelope;
  readonly userId: number;
  /** Null: the event is nothing to tell. */
  readonly notice: Notice | null;
  /** Not shown from then on. */
  readonly expiresAt?: Date;
}

/** D-6: at most one notice an event. */
export async function storeNotices(tx: Queryable, notices: readonly NewNotice[]): Promise<void> {
  const rows = notices.flatMap(({ cause, userId, notice, expiresAt }) => {
    const sensitive_type = cause.type.purpose === null ? null : cause.type.name;
    return notice ? [{ ...notice, event_id: cause.eventId, user_id: userId, at: cause.timestamp, expires_at: expiresAt, sensitive_type }] : [];
  });
  if (rows.length === 0) return;
  const sql = `INSERT INTO notices (event_id, user_id, kind, title, details, created_at, expires_at, sensitive_type)
    SELECT event_id, user_id, kind, title, details, at, expires_at, sensitive_type
    FROM json_to_recordset($1::json) AS n(event_id uuid, user_id bigint, kind text, title text, details jsonb, at timestamptz, expires_at timestamptz, sensitive_type text)
    ON CONFLICT (event_id) DO NOTHING`;
  await tx.query(sql, [JSON.stringify(rows)]);
}

const columns = `notice_id AS notification_id, kind, title, details, ${isoTime('created_at')} AS created_at, read_at IS NOT NULL AS read`;
/** Of the person `$1` at the time `$2`: not expired, and allowed where it comes from a sensitive event. */
const shown = `user_id = $1 AND (expires_at IS NULL OR expires_at > $2::timestamptz) AND (sensitive_type IS NULL OR sensitive_type IN (${allowedTypes}))`;

export const unreadCount = `(SELECT count(*) FROM notices WHERE read_at IS NULL AND ${shown})`;

/** The newest ten that are unread. */
export const newestUnread = `SELECT ${columns} FROM notices WHERE (read_at IS NOT NULL) = false AND ${shown} ORDER BY notices.created_at DESC, notice_id DESC LIMIT 10`;

export interface NoticePage {
  readonly now: Date;
  readonly limit: number;
  readonly offset: number;
}

/** D-6: unread first, then the newest first. */
export function noticesOf(source: Queryable, userId: number, { now, limit, offset }: NoticePage): Promise<StoredNotice[]> {
  const sql = `SELECT ${columns} FROM notices WHERE ${shown} ORDER BY (read_at IS NOT NULL), notices.created_at DESC, notice_id DESC LIMIT $3 OFFSET $4`;
  return listOf(source, sql, userId, now, limit, offset);
}

export async function unreadCountOf(source: Queryable, userId: number, now: Date): Promise<number> {
  const { rows } = await source.query<{ unread: string }>(`SELECT ${unreadCount} AS unread`, [userId, now]);
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
