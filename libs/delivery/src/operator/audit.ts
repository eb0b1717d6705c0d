import type { Queryable } from '@lifeos/postgres';

/** Who changes something, and why. */
export interface By {
  /** For example `operator 7`. */
  readonly actor: string;
  readonly reason?: string;
}

export interface AuditEntry {
  readonly action: 'retry' | 'edit' | 'skip';
  readonly by: By;
  /** What was asked for. */
  readonly filter: object;
  /** Letters changed. */
  readonly letters: number;
  readonly detail?: object;
}

export interface AuditRow {
  readonly id: string;
  readonly at: Date;
  readonly actor: string;
  readonly action: string;
  readonly reason: string | null;
  readonly filter: object;
  readonly letters: number;
  readonly detail: object | null;
}

/** Writes a row in the transaction of the change. Returns its id. */
export async function writeAudit(tx: Queryable, { action, by, filter, letters, detail }: AuditEntry): Promise<string> {
  const { rows } = await tx.query<{ id: string }>(
    'INSERT INTO dead_letter_audit (actor, action, reason, filter, letters, detail) VALUES ($1, $2, $3, $4, $5, $6) RETURNING id',
    [by.actor, action, by.reason ?? null, JSON.stringify(filter), letters, detail === undefined ? null : JSON.stringify(detail)],
  );
  return rows[0]?.id ?? '';
}

/** One action may need several transactions: each adds what it changed. */
export async function addToAudit(tx: Queryable, id: string, letters: number): Promise<void> {
  await tx.query('UPDATE dead_letter_audit SET letters = letters + $2 WHERE id = $1', [id, letters]);
}

/** Newest first. */
export async function readAudit(db: Queryable, page: { before?: string; limit: number }): Promise<AuditRow[]> {
  const { rows } = await db.query<AuditRow>('SELECT * FROM dead_letter_audit WHERE $1::bigint IS NULL OR id < $1 ORDER BY id DESC LIMIT $2', [page.before ?? null, page.limit]);
  return rows;
}
