import { validate } from 'uuid';
import type { IncomingRecord } from './records.js';

/** Framed by a registry id, so it is not bare Avro and must not be announced as such. */
export const framedAvroContentType = 'application/vnd.lifeos.avro-framed';

/** What the headers of an event are made of. */
export interface HeaderSource {
  readonly eventId: string;
  readonly recordName: string;
  /** Publishing service, for example `quests`. */
  readonly context: string;
  readonly version: string;
  readonly timestamp: Date;
  readonly key: string;
  readonly correlationId: string | null;
  readonly causationId: string | null;
  readonly traceparent: string | null;
  /** Of the person's consents as the producer knew them; only for sensitive events. */
  readonly consentRevision?: string | null;
}

/** CloudEvents 1.0, Kafka binding, binary mode. */
export function headersOf(event: HeaderSource): Record<string, string> {
  const headers: Record<string, string> = {
    'content-type': framedAvroContentType,
    ce_specversion: '1.0',
    ce_type: event.recordName,
    ce_source: `/lifeos/${event.context}`,
    ce_eventversion: event.version,
    ce_id: event.eventId,
    ce_time: event.timestamp.toISOString(),
    ce_subject: event.key,
  };
  if (event.correlationId !== null) headers['ce_correlationid'] = event.correlationId;
  if (event.causationId !== null) headers['ce_causationid'] = event.causationId;
  if (event.traceparent !== null) headers['traceparent'] = event.traceparent;
  if (event.consentRevision) headers[consentRevisionHeader] = event.consentRevision;
  return headers;
}

const consentRevisionHeader = 'ce_consentrevision';

/** What the producer of a sensitive event knew of the person's consents (V-8); null when it did not say, or not in a way that can be read. */
export function consentRevisionOf(headers: IncomingRecord['headers']): number | null {
  const value = Object.hasOwn(headers, consentRevisionHeader) ? headers[consentRevisionHeader] : undefined;
  if (value === undefined || Array.isArray(value)) return null;
  const revision = value.toString();
  return /^[1-9]\d{0,14}$/.test(revision) ? Number(revision) : null;
}

/** An event's identity as its headers tell it, before any byte of its value is read. */
export interface EventHeaders {
  readonly eventId: string;
  /** Record name, for example `lifeos.quests.v1.QuestCompleted`. */
  readonly type: string;
  /** A hint: the registry id in the value decides. Null when a foreign producer left it out. */
  readonly version: string | null;
  /** Time of the fact; null when a foreign producer left it out. */
  readonly time: Date | null;
  readonly subject: string | null;
  readonly correlationId: string | null;
  readonly causationId: string | null;
  /** Publishing service, for example `quests`. */
  readonly source: string;
  /** Null also when malformed: a broken trace must not stop an event. */
  readonly traceparent: string | null;
}

/** Why a record's headers do not identify an event. */
export interface HeaderFault {
  readonly fault: string;
}

class Fault extends Error {}

/** Reads CloudEvents headers of any producer. Never throws. */
export function readHeaders(headers: IncomingRecord['headers']): EventHeaders | HeaderFault {
  try {
    const specversion = required(headers, 'ce_specversion');
    if (specversion !== '1.0') throw new Fault(`header ce_specversion is "${specversion}", not "1.0"`);
    return {
      eventId: eventId(required(headers, 'ce_id')),
      type: required(headers, 'ce_type'),
      version: text(headers, 'ce_eventversion'),
      time: time(text(headers, 'ce_time')),
      subject: text(headers, 'ce_subject'),
      correlationId: text(headers, 'ce_correlationid'),
      causationId: text(headers, 'ce_causationid'),
      source: sourceOf(required(headers, 'ce_source')),
      traceparent: traceparent(text(headers, 'traceparent')),
    };
  } catch (error) {
    if (error instanceof Fault) return { fault: error.message };
    throw error;
  }
}

function text(headers: IncomingRecord['headers'], name: string): string | null {
  const value = Object.hasOwn(headers, name) ? headers[name] : undefined;
  if (value === undefined || value === null) return null;
  if (Array.isArray(value)) throw new Fault(`header ${name} comes ${value.length} times`);
  const decoded = typeof value === 'string' ? value : value.toString('utf8');
  // PostgreSQL stores no NUL in text, and an id with one would fail later and less clearly.
  if (decoded.includes('\0')) throw new Fault(`header ${name} holds a NUL character`);
  return decoded;
}

function required(headers: IncomingRecord['headers'], name: string): string {
  const value = text(headers, name);
  if (value === null || value === '') throw new Fault(`header ${name} is missing`);
  return value;
}

const ownSource = '/lifeos/';
const sourceOf = (value: string): string => (value.startsWith(ownSource) ? value.slice(ownSource.length) : value);

function eventId(value: string): string {
  if (!validate(value)) throw new Fault(`header ce_id is "${value.slice(0, 80)}", not a UUID`);
  return value.toLowerCase();
}

function time(value: string | null): Date | null {
  if (value === null) return null;
  const parsed = new Date(value);
  // CloudEvents asks for RFC 3339; Date also reads looser texts whose zone would be this machine's.
  const isRfc3339 = /^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)$/.test(value);
  if (!isRfc3339 || Number.isNaN(parsed.getTime())) throw new Fault(`header ce_time is "${value.slice(0, 80)}", not an RFC 3339 time`);
  return parsed;
}

function traceparent(value: string | null): string | null {
  return value !== null && /^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/.test(value) ? value : null;
}
