import type { Queryable } from '@lifeos/postgres';
import { type Span } from './balance-store.js';
import { weekMs } from './balance-state.js';

/** A shift that was told. */
export interface ShiftRow {
  readonly eventId: string;
  readonly userId: number;
  readonly shift_type: string;
  readonly affected_areas: readonly string[];
  readonly severity: string;
  readonly recommended_actions: readonly string[];
  readonly at: Date;
}

type DbShift = Omit<ShiftRow, 'userId' | 'eventId' | 'at'> & { user_id: string; event_id: string; shifted_at: Date };

/** What was told of these people that may still keep the same from being told again. */
export async function loadShifts(db: Queryable, spans: readonly Span[]): Promise<ShiftRow[]> {
  const { rows } = await db.query<DbShift>(
    `SELECT told.* FROM unnest($1::bigint[], $2::timestamptz[], $3::timestamptz[]) AS span (user_id, from_at, to_at)
     JOIN balance_shifts told ON told.user_id = span.user_id AND told.shifted_at > span.from_at
       AND told.shifted_at <= greatest(span.to_at, (SELECT calculated_at FROM balances b WHERE b.user_id = span.user_id))`,
    [spans.map(({ userId }) => userId), spans.map(({ from }) => new Date(from.getTime() - weekMs)), spans.map(({ to }) => to)],
  );
  return rows.map(rowOf);
}

/** What is known already stays as it is. */
export async function saveShifts(tx: Queryable, shifts: readonly ShiftRow[]): Promise<void> {
  if (shifts.length === 0) return;
  await tx.query(
    `INSERT INTO balance_shifts (event_id, user_id, shift_type, affected_areas, severity, recommended_actions, shifted_at)
     SELECT event_id, user_id, shift_type, ARRAY (SELECT jsonb_array_elements_text(areas)), severity, ARRAY (SELECT jsonb_array_elements_text(actions)), shifted_at
     FROM unnest($1::uuid[], $2::bigint[], $3::text[], $4::jsonb[], $5::text[], $6::jsonb[], $7::timestamptz[])
       AS shift (event_id, user_id, shift_type, areas, severity, actions, shifted_at)
     ON CONFLICT DO NOTHING`,
    [
      shifts.map(({ eventId }) => eventId),
      shifts.map(({ userId }) => userId),
      shifts.map(({ shift_type }) => shift_type),
      shifts.map(({ affected_areas }) => JSON.stringify(affected_areas)),
      shifts.map(({ severity }) => severity),
      shifts.map(({ recommended_actions }) => JSON.stringify(recommended_actions)),
      shifts.map(({ at }) => at),
    ],
  );
}

/** A shift as the API answers it. */
export interface ShiftView {
  readonly shift_type: string;
  readonly affected_areas: readonly string[];
  readonly severity: string;
  readonly recommended_actions: readonly string[];
  readonly shift_timestamp: Date;
}

/** The newest first. */
export async function shiftsTold(db: Queryable, userId: number, { since, limit }: { since: Date; limit: number }): Promise<ShiftView[]> {
  const { rows } = await db.query<ShiftView>(
    `SELECT shift_type, affected_areas, severity, recommended_actions, shifted_at AS shift_timestamp
     FROM balance_shifts WHERE user_id = $1 AND shifted_at >= $2 ORDER BY shifted_at DESC, event_id LIMIT $3`,
    [userId, since, limit],
  );
  return rows;
}

function rowOf({ user_id, event_id, shifted_at, ...shift }: DbShift): ShiftRow {
  return { ...shift, userId: Number(user_id), eventId: event_id, at: shifted_at };
}
