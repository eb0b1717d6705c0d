import type { IncomingRecord } from '@lifeos/events';
import type { BatchItem } from './batch-item.js';
import { classify, type LeftOut } from './classify.js';
import { decodeInto, envelopeOf } from './prepare.js';
import type { RecordDecoder, RegistryUnreachable } from '@lifeos/events';
import { restoreHeaders, type StoredHeaders } from './record-headers.js';
import type { SkipReason } from './ports.js';
import type { Subscription, TopicRoutes } from './subscriptions.js';

/** A letter as the table holds it. */
export interface LetterRow {
  readonly id: string;
  readonly handler: string;
  readonly topic: string;
  readonly key: string | null;
  readonly partition: number;
  readonly record_offset: string;
  readonly event_id: string | null;
  readonly event_type: string | null;
  readonly event_version: string | null;
  readonly status: 'waiting' | 'exhausted';
  readonly is_follower: boolean;
  readonly reason: string | null;
  readonly error_code: string | null;
  readonly error_message: string | null;
  readonly error_stack: string | null;
  readonly attempts: number;
  readonly retries: number;
  readonly max_retries: number;
  readonly first_failed_at: Date | null;
  readonly last_failed_at: Date | null;
  readonly next_attempt_at: Date | null;
  readonly parked_at: Date;
  readonly edited_payload: Buffer | null;
  readonly edited_version: string | null;
  readonly record_key: Buffer | null;
  readonly record_value: Buffer | null;
  readonly record_headers: StoredHeaders;
  readonly record_timestamp: Date;
}

/** The record as it came from the topic. */
export function recordOfLetter(row: LetterRow): IncomingRecord {
  return {
    topic: row.topic,
    partition: row.partition,
    offset: Number(row.record_offset),
    key: row.record_key,
    value: row.record_value,
    headers: restoreHeaders(row.record_headers),
    timestamp: row.record_timestamp.getTime(),
  };
}

export interface ReadLetterOptions {
  readonly subscription: Subscription;
  readonly routes: TopicRoutes;
  readonly decoder: RecordDecoder;
  readonly leftOut: LeftOut;
}

/** A letter as a batch would bring it: an item, a reason why this build gives it to nobody, or what it must wait for. */
export type ReadLetter = BatchItem | SkipReason | { readonly blockedBy: RegistryUnreachable };

/** Reads the original bytes anew, or what an operator put in the place of the payload. */
export async function readLetter(row: LetterRow, { subscription, routes, decoder, leftOut }: ReadLetterOptions): Promise<ReadLetter> {
  const item = classify(recordOfLetter(row), routes, leftOut);
  if (typeof item === 'string') return item;
  if (!item.subscriptions.includes(subscription)) return 'version_out_of_range';
  if (row.edited_payload !== null && row.edited_version !== null && item.type !== null && item.fault === null) {
    item.event = envelopeOf(item, item.type.decode(row.edited_payload, row.edited_version));
    return item;
  }
  const blockedBy = await decodeInto(item, decoder);
  return blockedBy === null ? item : { blockedBy };
}
