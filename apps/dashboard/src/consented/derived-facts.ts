import type { AnyEventType } from '@lifeos/contracts';
import type { Queryable } from '@lifeos/postgres';
import { isoTime } from '../read-models/rows.js';
import { allowedTypes } from './allowed-types.js';

/** What a sensitive event told of one subject. */
export interface DerivedFact {
  readonly userId: number;
  /** What it is about, unique among the facts of the type: a later one replaces it. */
  readonly subject: string;
  readonly at: Date;
  readonly expiresAt?: Date;
  readonly details: Readonly<Record<string, unknown>>;
}

/** Keeps the newest fact of each subject, whatever comes first and however often. */
export async function storeDerivedFacts(tx: Queryable, type: AnyEventType, facts: readonly DerivedFact[]): Promise<void> {
  const rows = facts.map(({ userId, subject, at, expiresAt, details }, place) => ({ user_id: userId, subject, at, expires_at: expiresAt, details, place }));
  const sql = `INSERT INTO derived_facts (user_id, event_type, subject, at, expires_at, details)
    SELECT DISTINCT ON (user_id, subject) user_id, $2, subject, at, expires_at, details
    FROM json_to_recordset($1::json) AS n(user_id bigint, subject text, at timestamptz, expires_at timestamptz, details jsonb, place int)
    ORDER BY user_id, subject, at DESC, place DESC
    ON CONFLICT (user_id, event_type, subject) DO UPDATE SET at = excluded.at, expires_at = excluded.expires_at, details = excluded.details
      WHERE derived_facts.at <= excluded.at`;
  await tx.query(sql, [JSON.stringify(rows), type.name]);
}

/** The newest facts of a type as a JSON list, `$1` the person: none without consent, none that expired before `now`, an SQL expression. */
export function derivedList(type: AnyEventType, { limit, now, where = 'true' }: { limit: number; now: string; where?: string }): string {
  return `(SELECT coalesce(json_agg(f.fact), '[]') FROM (
    SELECT f.details || jsonb_build_object('at', ${isoTime('f.at')}, 'expires_at', ${isoTime('f.expires_at')}) AS fact FROM derived_facts AS f
    WHERE f.user_id = $1 AND f.event_type = '${type.name}' AND f.event_type IN (${allowedTypes})
      AND (f.expires_at IS NULL OR f.expires_at > ${now}) AND ${where} ORDER BY f.at DESC, f.subject DESC LIMIT ${limit}) AS f)`;
}
