import type { EventType } from '@lifeos/contracts';
import { type EventEnvelope, headersOf, type IncomingRecord, newEventId } from '@lifeos/events';

const noon = new Date('2026-11-21T12:00:00Z');

/** An event as a handler gets it, of the person that the payload names. */
export function eventOf<P extends object, I extends { readonly user_id: number }>(
  type: EventType<P, I>,
  input: I,
  timestamp: Date = noon,
): EventEnvelope<P> {
  return {
    eventId: newEventId(),
    type,
    version: type.version,
    timestamp,
    key: String(input.user_id),
    correlationId: newEventId(),
    causationId: null,
    source: type.context,
    traceparent: null,
    payload: type.build(input),
  };
}

/** The record that carries an event, as bare Avro. */
export function recordOf(event: EventEnvelope, place: Pick<IncomingRecord, 'topic' | 'partition' | 'offset'>): IncomingRecord {
  const { type, key, timestamp } = event;
  return {
    ...place,
    key: Buffer.from(key),
    value: type.encode(event.payload),
    headers: headersOf({ ...event, recordName: type.recordName, context: type.context }),
    timestamp: timestamp.getTime(),
  };
}
