import type { AnyEventType, JsonObject } from '@lifeos/contracts';
import type { RecordDecoder } from '@lifeos/events';
import { recordOfLetter, type LetterRow } from '../letter-rows.js';
import type { StoredHeaders } from '../record-headers.js';
import type { LetterStatus } from './letter-filter.js';

/** A letter as an operator sees it in a list. */
export interface LetterView {
  readonly id: string;
  readonly handler: string;
  readonly topic: string;
  readonly key: string | null;
  readonly partition: number;
  /** Null for an event that the relay could not publish: it has no place in the topic yet. */
  readonly offset: number | null;
  readonly event_id: string | null;
  readonly event_type: string | null;
  readonly event_version: string | null;
  readonly status: LetterStatus;
  /** Null for what has not been tried. */
  readonly reason: string | null;
  readonly error_code: string | null;
  readonly error_message: string | null;
  readonly attempts: number;
  readonly retries: number;
  readonly max_retries: number;
  readonly first_failed_at: Date | null;
  readonly last_failed_at: Date | null;
  readonly next_attempt_at: Date | null;
  readonly parked_at: Date;
  readonly is_edited: boolean;
}

/** Everything about one letter. */
export interface LetterDetail extends LetterView {
  readonly error_stack: string | null;
  readonly headers: StoredHeaders;
  /** The original payload; null when it cannot be read, and then why. */
  readonly payload: JsonObject | null;
  readonly payload_fault: string | null;
  /** What an operator put in its place. */
  readonly edited_payload: JsonObject | null;
  readonly record_key_base64: string | null;
  readonly record_value_base64: string | null;
}

export function viewOf(row: LetterRow): LetterView {
  const { id, handler, topic, key, partition, event_id, event_type, event_version, reason, error_code, error_message } = row;
  const { attempts, retries, max_retries, first_failed_at, last_failed_at, next_attempt_at, parked_at } = row;
  return {
    id, handler, topic, key, partition, offset: Number(row.record_offset), event_id, event_type, event_version,
    status: row.is_follower ? 'follower' : row.status, reason, error_code, error_message,
    attempts, retries, max_retries, first_failed_at, last_failed_at, next_attempt_at, parked_at, is_edited: row.edited_payload !== null,
  };
}

export interface Reading {
  readonly types: readonly AnyEventType[];
  readonly decoder: RecordDecoder;
}

export async function detailOf(row: LetterRow, { types, decoder }: Reading): Promise<LetterDetail> {
  const type = types.find(({ recordName }) => recordName === row.event_type) ?? null;
  return {
    ...viewOf(row),
    error_stack: row.error_stack,
    headers: row.record_headers,
    ...(await payloadOf(row, type, decoder)),
    edited_payload: type === null || row.edited_payload === null || row.edited_version === null ? null : type.toJson(type.decode(row.edited_payload, row.edited_version)),
    record_key_base64: row.record_key?.toString('base64') ?? null,
    record_value_base64: row.record_value?.toString('base64') ?? null,
  };
}

async function payloadOf(row: LetterRow, type: AnyEventType | null, decoder: RecordDecoder): Promise<Pick<LetterDetail, 'payload' | 'payload_fault'>> {
  if (type === null) return { payload: null, payload_fault: `this service knows no ${row.event_type ?? 'type of it'}` };
  try {
    return { payload: type.toJson(await decoder.decode(recordOfLetter(row), type)), payload_fault: null };
  } catch (error) {
    return { payload: null, payload_fault: error instanceof Error ? error.message : String(error) };
  }
}
