import type { OutgoingRecord } from '@lifeos/events';
import { restoreHeaders, type StoredHeaders } from '../record-headers.js';

export interface AnnouncementRow {
  readonly id: string;
  readonly letter_id: string;
  readonly handler: string;
  readonly topic: string;
  readonly partition: number;
  readonly record_offset: string;
  readonly reason: string;
  readonly error_code: string | null;
  readonly error_message: string | null;
  readonly error_stack: string | null;
  readonly attempts: number;
  readonly first_failed_at: Date | null;
  readonly last_failed_at: Date | null;
  readonly record_key: Buffer | null;
  readonly record_value: Buffer | null;
  readonly record_headers: StoredHeaders;
}

/** The original record, bytes untouched, with headers that any Kafka tool shows. */
export function announcementRecord(row: AnnouncementRow, topic: string): OutgoingRecord {
  return {
    topic,
    key: row.record_key?.toString('utf8') ?? '',
    value: row.record_value ?? Buffer.alloc(0),
    headers: { ...originalHeaders(row), ...headersOn(row) },
  };
}

/** For a record that is too large with the headers that tell of it. */
export function withoutValue(record: OutgoingRecord): OutgoingRecord {
  return { ...record, value: Buffer.alloc(0), headers: { ...record.headers, 'dead-letter-value-left-out-bytes': String(record.value.length) } };
}

/** A header that came several times is told by its first value. */
function originalHeaders({ record_headers: stored }: AnnouncementRow): Record<string, Buffer> {
  return Object.fromEntries(Object.entries(restoreHeaders(stored)).map(([name, value]) => [name, Array.isArray(value) ? (value[0] ?? Buffer.alloc(0)) : value]));
}

function headersOn(row: AnnouncementRow): Record<string, string> {
  const headers = {
    'dead-letter-id': row.letter_id,
    'dead-letter-handler': row.handler,
    'dead-letter-reason': row.reason,
    'dead-letter-error-code': row.error_code,
    'dead-letter-error-message': row.error_message,
    'dead-letter-error-stack': row.error_stack,
    'dead-letter-attempts': String(row.attempts),
    'dead-letter-first-failed-at': row.first_failed_at?.toISOString() ?? null,
    'dead-letter-last-failed-at': row.last_failed_at?.toISOString() ?? null,
    'dead-letter-original-topic': row.topic,
    'dead-letter-original-partition': String(row.partition),
    'dead-letter-original-offset': row.record_offset,
    'dead-letter-original-key': row.record_key?.toString('utf8') ?? null,
  };
  return Object.fromEntries(Object.entries(headers).flatMap(([name, value]) => (value === null ? [] : [[name, value]])));
}
