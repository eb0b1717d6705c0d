import type { Queryable } from '@lifeos/postgres';

/** One row of what became of a sensitive event or a consent (V-7). */
export interface AuditEntry {
  /** Null: the event named nobody. */
  readonly user_id: number | null;
  readonly event_type: string;
  readonly event_id: string;
  readonly purpose: string | null;
  readonly data_categories: readonly string[];
  readonly decision: 'handled' | 'refused' | 'allowed' | 'ended';
  readonly reason: string;
}

export interface AuditRow extends AuditEntry {
  readonly id: number;
  readonly at: Date;
  readonly service: string;
}

/** Appends the entries in one statement; what is there already stays as it is. */
export async function appendAudit(db: Queryable, service: string, entries: readonly AuditEntry[]): Promise<void> {
  if (entries.length === 0) return;
  await db.query(
    `INSERT INTO consent_audit (service, user_id, event_type, event_id, purpose, data_categories, decision, reason)
     SELECT $1, user_id, event_type, event_id, purpose, data_categories, decision, reason
     FROM jsonb_to_recordset($2::jsonb)
       AS e (user_id bigint, event_type text, event_id uuid, purpose text, data_categories text[], decision text, reason text)
     ON CONFLICT DO NOTHING`,
    [service, JSON.stringify(entries)],
  );
}

/** A person's rows in this service, the newest first; `before` is the id of the last one seen. */
export async function auditOf(db: Queryable, userId: number, { before = null, limit = 50 }: { before?: number | null; limit?: number } = {}): Promise<AuditRow[]> {
  const { rows } = await db.query<Omit<AuditRow, 'id' | 'user_id'> & { id: string; user_id: string }>(
    `SELECT id, at, user_id, service, event_type, event_id, purpose, data_categories, decision, reason FROM consent_audit
     WHERE user_id = $1 AND ($2::bigint IS NULL OR id < $2) ORDER BY id DESC LIMIT $3`,
    [userId, before, limit],
  );
  return rows.map((row) => ({ ...row, id: Number(row.id), user_id: Number(row.user_id) }));
}
