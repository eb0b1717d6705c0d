import { setImmediate as nextTurn } from 'node:timers/promises';
import type { EventEnvelope, IncomingRecord, RecordDecoder } from '@lifeos/events';
import { RegistryUnreachable } from '@lifeos/events';
import type { BatchItem } from './batch-item.js';
import type { LeftOut } from './classify.js';
import { classify } from './classify.js';
import type { SkipReason } from './ports.js';
import type { TopicRoutes } from './subscriptions.js';

/** A stretch of a partition without holes: whatever is not among the items concerns nobody. */
export interface Slice {
  readonly items: readonly BatchItem[];
  /** Index of the first record after it. */
  readonly nextIndex: number;
  readonly skipped: ReadonlyMap<SkipReason, number>;
  /** The record after it cannot be read until the registry answers. */
  readonly blockedBy: RegistryUnreachable | null;
}

export interface PrepareOptions {
  readonly routes: TopicRoutes;
  readonly decoder: RecordDecoder;
  readonly maxItems: number;
  readonly leftOut: LeftOut;
}

/** After so many items the answers of the database have their turn: it must not wait for what it does not need yet. */
const itemsATurn = 64;

/** Classifies and decodes records from `start` on, until the slice holds `maxItems`. */
export async function prepareSlice(records: readonly IncomingRecord[], start: number, options: PrepareOptions): Promise<Slice> {
  const { routes, decoder, maxItems, leftOut } = options;
  const items: BatchItem[] = [];
  const skipped = new Map<SkipReason, number>();
  let index = start;
  for (; index < records.length && items.length < maxItems; index++) {
    const record = records[index];
    if (record === undefined) break;
    const item = classify(record, routes, leftOut);
    if (typeof item === 'string') {
      skipped.set(item, (skipped.get(item) ?? 0) + 1);
      continue;
    }
    // Known schemas decode without a promise: at this rate each of them would be felt.
    const pending = decodeInto(item, decoder);
    const blockedBy = pending instanceof Promise ? await pending : pending;
    if (blockedBy !== null) return { items, nextIndex: index, skipped, blockedBy };
    items.push(item);
    if (items.length % itemsATurn === 0) await nextTurn();
  }
  return { items, nextIndex: index, skipped, blockedBy: null };
}

type Blocked = RegistryUnreachable | null;

/** Fills the event in, or the fault; returns why it must wait. */
export function decodeInto(item: BatchItem, decoder: RecordDecoder): Blocked | Promise<Blocked> {
  if (item.fault !== null || item.type === null) return null;
  try {
    const payload = decoder.decode(item.record, item.type);
    if (!(payload instanceof Promise)) return decoded(item, payload);
    return payload.then(
      (value) => decoded(item, value),
      (error: unknown) => undecodable(item, error),
    );
  } catch (error) {
    return undecodable(item, error);
  }
}

function decoded(item: BatchItem, payload: object): null {
  item.event = envelopeOf(item, payload);
  return null;
}

function undecodable(item: BatchItem, error: unknown): Blocked {
  if (error instanceof RegistryUnreachable) return error;
  item.fault = error instanceof Error ? error : new Error(String(error));
  return null;
}

/** Null when the record does not say which event of whom it is. */
export function envelopeOf({ headers, type, key, record }: BatchItem, payload: object): EventEnvelope | null {
  if (headers === null || type === null || key === null) return null;
  return {
    eventId: headers.eventId,
    type,
    version: headers.version ?? type.version,
    timestamp: headers.time ?? new Date(record.timestamp),
    key,
    correlationId: headers.correlationId,
    causationId: headers.causationId,
    source: headers.source,
    traceparent: headers.traceparent,
    payload,
  };
}
