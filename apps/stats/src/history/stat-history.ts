import type { Queryable } from '@lifeos/postgres';

/** S-7, S-18: core and life stats, and beside them what else a person grew by. */
export type HistoryType = 'core' | 'life' | 'level' | 'skill';

/** One line of a person's history; difference and per cent follow in the table. */
export interface HistoryRow {
  readonly userId: number;
  readonly type: HistoryType;
  readonly name: string;
  readonly previous: number;
  readonly next: number;
  readonly reason: string;
  readonly at: Date;
  readonly notes?: string;
  /** Of a line that is put back: the event that told of it. */
  readonly eventId?: string;
}

/** A line for each change (S-7); one that was put back before stays as it is. */
export async function writeHistory(tx: Queryable, rows: readonly HistoryRow[]): Promise<void> {
  if (rows.length === 0) return;
  await tx.query(
    `INSERT INTO stat_history (user_id, stat_type, stat_name, old_value, new_value, reason, recorded_at, notes, event_id)
     SELECT * FROM unnest($1::bigint[], $2::text[], $3::text[], $4::numeric[], $5::numeric[], $6::text[], $7::timestamptz[], $8::text[], $9::uuid[])
     ON CONFLICT (event_id) DO NOTHING`,
    [
      rows.map((row) => row.userId),
      rows.map((row) => row.type),
      rows.map((row) => row.name),
      rows.map((row) => row.previous),
      rows.map((row) => row.next),
      rows.map((row) => row.reason),
      rows.map((row) => row.at),
      rows.map((row) => row.notes ?? ''),
      rows.map((row) => row.eventId ?? null),
    ],
  );
}
