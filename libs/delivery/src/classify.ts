import type { EventHeaders, IncomingRecord } from '@lifeos/events';
import { readHeaders } from '@lifeos/events';
import type { BatchItem } from './batch-item.js';
import { UnreadableHeaders, UnsupportedVersion, UnusableKey } from './errors.js';
import type { SkipReason } from './ports.js';
import type { Route, Subscription, TopicRoutes } from './subscriptions.js';

/** Generous for CloudEvents and tracing; beyond it somebody fills our database, not our headers. */
const maxHeaders = 64;
const maxHeaderBytes = 32 * 1024;
const maxKeyBytes = 256;

/** Told of each handler that an event's version leaves out (VR-8). */
export type LeftOut = (subscription: Subscription, event: string, version: string) => void;

/** What a record is, by its headers alone: of interest to nobody, and why, or an item. */
export function classify(record: IncomingRecord, routes: TopicRoutes, leftOut: LeftOut): BatchItem | SkipReason {
  // The path of every record that nobody handles: two look-ups and no object.
  const ceType = single(record.headers['ce_type']);
  if (ceType === null) return record.value === null ? 'tombstone' : unroutable(record);
  const route = routes.routeOf(ceType);
  if (route.subscriptions.length === 0 && route.leftOut.length === 0) return 'unhandled_type';
  if (record.value === null) return 'tombstone';
  return classifyHandled(record, { ceType, route }, leftOut);
}

interface Found {
  readonly ceType: string;
  readonly route: Route;
}

function classifyHandled(record: IncomingRecord, found: Found, leftOut: LeftOut): BatchItem | SkipReason {
  const { ceType, route } = found;
  const { key, fault: keyFault } = keyOf(record.key);
  const headers = boundedHeaders(record.headers);
  const all = route.subscriptions;
  const broken = (read: EventHeaders | null, fault: Error): BatchItem => ({ record, ceType, type: route.type, key, event: null, headers: read, subscriptions: all, fault });
  if (route.newestMajor !== null) return broken('fault' in headers ? null : headers, new UnsupportedVersion(ceType, route.newestMajor));
  if ('fault' in headers) return all.length === 0 ? 'version_out_of_range' : broken(null, new UnreadableHeaders(headers.fault));
  // A foreign producer may leave it out; the envelope's rule is then the first of its major.
  const version = headers.version ?? `${route.type?.major ?? 1}.0.0`;
  const subscriptions = takersOf(record, { route, ceType, version }, leftOut);
  if (typeof subscriptions === 'string') return subscriptions;
  const fault = keyFault === null ? null : new UnusableKey(keyFault);
  // Written out: a spread would take a quarter of all the time that an event's headers take.
  return { record, ceType, type: route.type, key, event: null, headers: headers.version === null ? { ...headers, version } : headers, subscriptions, fault };
}

function takersOf(record: IncomingRecord, { route, ceType, version }: Found & { version: string }, leftOut: LeftOut): readonly Subscription[] | SkipReason {
  const taken = (one: Subscription): boolean => one.isCalledWith(route.type, version) && hasStarted(one, record.timestamp);
  // Nearly every event is for all: no list is made for it.
  if (route.leftOut.length === 0 && route.subscriptions.length > 0 && route.subscriptions.every(taken)) return route.subscriptions;
  const inRange = route.subscriptions.filter((one) => one.isCalledWith(route.type, version));
  for (const one of [...route.leftOut, ...route.subscriptions]) if (!inRange.includes(one)) leftOut(one, ceType, version);
  if (inRange.length === 0) return 'version_out_of_range';
  const started = inRange.filter((one) => hasStarted(one, record.timestamp));
  return started.length === 0 ? 'before_start' : started;
}

function hasStarted({ handler: { from } }: Subscription, timestamp: number): boolean {
  return typeof from === 'string' || timestamp >= from.timestamp.getTime();
}

function unroutable(record: IncomingRecord): BatchItem {
  const fault = new UnreadableHeaders('header ce_type is missing or comes several times');
  return { record, ceType: null, type: null, headers: null, key: keyOf(record.key).key, subscriptions: [], event: null, fault };
}

function single(value: IncomingRecord['headers'][string]): string | null {
  if (typeof value === 'string') return value;
  return Buffer.isBuffer(value) ? value.toString('latin1') : null;
}

function boundedHeaders(headers: IncomingRecord['headers']): EventHeaders | { fault: string } {
  let count = 0;
  let bytes = 0;
  for (const name of Object.keys(headers)) {
    const value = headers[name];
    const values = Array.isArray(value) ? value : null;
    count += values?.length ?? 1;
    bytes += name.length + (values === null ? (value?.length ?? 0) : values.reduce((sum, one) => sum + one.length, 0));
  }
  if (count > maxHeaders) return { fault: `it has ${count} headers, more than ${maxHeaders}` };
  if (bytes > maxHeaderBytes) return { fault: `its headers take ${bytes} bytes, more than ${maxHeaderBytes}` };
  return readHeaders(headers);
}

const strictUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function keyOf(bytes: Buffer | null): { key: string; fault: null } | { key: null; fault: string } {
  if (bytes === null || bytes.length === 0) return { key: null, fault: 'is empty' };
  if (bytes.length > maxKeyBytes) return { key: null, fault: `takes ${bytes.length} bytes, more than ${maxKeyBytes}` };
  if (bytes.includes(0)) return { key: null, fault: 'holds a NUL byte' };
  const text = bytes.toString('utf8');
  // The strict decoder takes several times as long, and is asked only about what may be no text.
  if (!text.includes('\uFFFD')) return { key: text, fault: null };
  try {
    return { key: strictUtf8.decode(bytes), fault: null };
  } catch {
    return { key: null, fault: 'is not UTF-8 text' };
  }
}
