import type { NewEvent } from '@lifeos/events';
import { EventTooLarge } from './errors.js';

/** An event as it goes into the log: what the insert needs and nothing that could still fail. */
export interface EncodedEvent {
  readonly event: NewEvent;
  readonly payload: Buffer;
  readonly stream: string | null;
  readonly streamVersion: number | null;
}

/** Kafka's default `message.max.bytes`, less what a batch and a record add around one record. */
export const defaultMaxRecordBytes = 1_048_588 - 4_096;

/** Names of all headers, content type, specversion, source, id, time, and the registry's five bytes. */
const fixedBytes = 360;

/** Bytes of the record at the broker, a little more than they will be. */
function recordBytes(event: NewEvent, payload: Buffer): number {
  const text = event.type.recordName.length + event.type.context.length + length(event.correlationId) + length(event.causationId);
  return fixedBytes + payload.length + 2 * Buffer.byteLength(event.key) + text;
}

function length(text: string | null): number {
  return text === null ? 0 : Buffer.byteLength(text);
}

/** @throws EventTooLarge; private events never meet the broker and have no limit here. */
export function encodeEvent(event: NewEvent, maxRecordBytes: number): Buffer {
  const payload = event.type.encode(event.payload);
  if (event.type.topic === null) return payload;
  const bytes = recordBytes(event, payload);
  if (bytes > maxRecordBytes) throw new EventTooLarge(event.type.name, bytes, maxRecordBytes);
  return payload;
}
