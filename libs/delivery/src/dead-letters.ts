import type { Transaction } from '@lifeos/postgres';
import type { BatchItem } from './batch-item.js';
import { announcedColumns } from './announced-columns.js';
import type { Failure } from './failure.js';
import { storeHeaders } from './record-headers.js';
import type { Schedule } from './retry-policy.js';

/** Letters that nobody could be found for: the record does not tell what it is. */
export const noHandler = '(no handler)';

/** An event that one handler could not take, or a follower (no failure) that waits behind one of its key. */
export interface DeadLetter {
  /** As positions know it. */
  readonly handler: string;
  readonly item: BatchItem;
  readonly failure: Failure | null;
  /** Null for a follower: nothing is due before its turn. */
  readonly schedule: Schedule | null;
}

/** An exhausted letter is announced by the same statement that writes it. */
const insert = `WITH written AS (INSERT INTO dead_letters (
    handler, topic, key, partition, record_offset, event_id, event_type, event_version,
    is_follower, reason, error_code, error_message, error_stack, attempts,
    first_failed_at, last_failed_at, next_attempt_at, status, max_retries,
    record_key, record_value, record_headers, record_timestamp)
  SELECT handler, $1, key, $2, record_offset, event_id, event_type, event_version,
    reason IS NULL, reason, error_code, error_message, error_stack, attempts,
    first_failed_at, last_failed_at, next_attempt_at, CASE WHEN exhausted THEN 'exhausted' ELSE 'waiting' END, max_retries,
    record_key, record_value, record_headers::jsonb, record_timestamp
  FROM unnest($3::text[], $4::text[], $5::bigint[], $6::uuid[], $7::text[], $8::text[], $9::text[], $10::text[], $11::text[],
    $12::text[], $13::integer[], $14::timestamptz[], $15::timestamptz[], $16::timestamptz[], $17::boolean[], $18::integer[],
    $19::bytea[], $20::bytea[], $21::text[], $22::timestamptz[])
    AS letter (handler, key, record_offset, event_id, event_type, event_version, reason, error_code, error_message,
      error_stack, attempts, first_failed_at, last_failed_at, next_attempt_at, exhausted, max_retries,
      record_key, record_value, record_headers, record_timestamp)
  ON CONFLICT (handler, topic, partition, record_offset) DO NOTHING
  RETURNING *)
  INSERT INTO dead_letter_announcements (letter_id, ${announcedColumns})
  SELECT id, ${announcedColumns} FROM written WHERE status = 'exhausted'`;

/** Writes letters of one partition; those already there stay as they are. */
export async function writeDeadLetters(tx: Transaction, letters: readonly DeadLetter[]): Promise<void> {
  const at = letters[0]?.item.record;
  if (at === undefined) return;
  const column = <T>(value: (letter: DeadLetter) => T): T[] => letters.map(value);
  await tx.query(insert, [
    at.topic,
    at.partition,
    column(({ handler }) => handler),
    column(({ item }) => item.key),
    column(({ item }) => item.record.offset),
    column(({ item }) => item.headers?.eventId ?? null),
    column(({ item }) => storable(item.ceType)),
    column(({ item }) => storable(item.headers?.version ?? null)),
    column(({ failure }) => failure?.reason ?? null),
    column(({ failure }) => failure?.code ?? null),
    column(({ failure }) => failure?.message ?? null),
    column(({ failure }) => failure?.stack ?? null),
    column(({ failure }) => failure?.attempts ?? 0),
    column(({ failure }) => failure?.firstFailedAt ?? null),
    column(({ failure }) => failure?.lastFailedAt ?? null),
    column(({ schedule }) => schedule?.nextAttemptAt ?? null),
    column(({ schedule }) => schedule?.isExhausted ?? false),
    // A follower gets its handler's limit when its turn comes.
    column(({ schedule }) => schedule?.maxRetries ?? 0),
    column(({ item }) => item.record.key),
    column(({ item }) => item.record.value),
    column(({ item }) => JSON.stringify(storeHeaders(item.record.headers))),
    column(({ item }) => storableTime(item.record.timestamp)),
  ]);
}

function storable(text: string | null): string | null {
  return text === null ? null : text.replaceAll('\0', '\uFFFD').slice(0, 255);
}

/** Producers set it, in whatever unit they like; the original stays in the topic. */
function storableTime(ms: number): Date {
  const lastStorable = Date.UTC(9999, 11, 31);
  return new Date(Number.isFinite(ms) ? Math.min(Math.max(ms, 0), lastStorable) : 0);
}
