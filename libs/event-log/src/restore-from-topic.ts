import { readHeaders } from '@lifeos/events';
import type { IncomingRecord, SchemaIds } from '@lifeos/events';
import type { Database } from '@lifeos/postgres';
import { TopicNotRestorable } from './errors.js';
import { packPayloads } from './write-events.js';

export interface RestoreOptions {
  readonly database: Database;
  /** Confirms that the schema of each record is the one that its headers name. */
  readonly schemaIds: SchemaIds;
  /** Told of each record that is no event; such records are left out. */
  readonly onSkipped?: (place: string, reason: string) => void;
  /** Events a transaction. Default 500. */
  readonly batchSize?: number;
}

export interface RestoreReport {
  readonly restored: number;
  readonly alreadyThere: number;
  readonly skipped: number;
}

interface PublishedEvent {
  readonly eventId: string;
  readonly topic: string;
  readonly key: string;
  readonly type: string;
  readonly version: string;
  readonly occurredAt: Date;
  readonly correlationId: string | null;
  readonly causationId: string | null;
  readonly traceparent: string | null;
  readonly payload: Buffer;
}

/**
 * Puts a service's own published events back into its empty log, as they were: ids, times, versions
 * and bytes. They stand before everything that is appended, and are never relayed again. Ids that are
 * in the log already are left alone, so it can be run again after a failure. Records must come in the
 * order of their partitions.
 * @throws TopicNotRestorable when an event's schema is not the one that its headers name.
 */
export async function restoreFromTopic(
  records: AsyncIterable<IncomingRecord> | Iterable<IncomingRecord>,
  options: RestoreOptions,
): Promise<RestoreReport> {
  const { batchSize = 500, onSkipped = () => undefined } = options;
  const report = { restored: 0, alreadyThere: 0, skipped: 0 };
  let batch: PublishedEvent[] = [];
  const flush = async () => {
    const restored = await insertPublished(options.database, batch);
    report.restored += restored;
    report.alreadyThere += batch.length - restored;
    batch = [];
  };
  for await (const record of records) {
    const event = await publishedEvent(record, options.schemaIds);
    if (typeof event === 'string') {
      report.skipped++;
      onSkipped(placeOf(record), event);
    } else if (batch.push(event) >= batchSize) {
      await flush();
    }
  }
  if (batch.length > 0) await flush();
  return report;
}

/** The event, or why the record is none. */
async function publishedEvent(record: IncomingRecord, schemaIds: SchemaIds): Promise<PublishedEvent | string> {
  const headers = readHeaders(record.headers);
  if ('fault' in headers) return headers.fault;
  const { key, value } = record;
  if (key === null) return 'it has no key';
  if (value === null || value.length < 5 || value[0] !== 0) return 'its value is not framed Avro';
  if (headers.version === null) throw new TopicNotRestorable(placeOf(record), 'header ce_eventversion is missing');
  const [written, named] = [value.readUInt32BE(1), await schemaIds.idFor(headers.type, headers.version)];
  if (written !== named) {
    const reason = `its schema id is ${written}, the registry's id of ${headers.type} ${headers.version} is ${named}`;
    throw new TopicNotRestorable(placeOf(record), reason);
  }
  return {
    eventId: headers.eventId,
    topic: record.topic,
    key: key.toString('utf8'),
    type: headers.type,
    version: headers.version,
    occurredAt: headers.time ?? new Date(record.timestamp),
    correlationId: headers.correlationId,
    causationId: headers.causationId,
    traceparent: headers.traceparent,
    payload: value.subarray(5),
  };
}

/** Epoch 0 comes before the first checkpoint. Returns how many were new. */
async function insertPublished(database: Database, events: readonly PublishedEvent[]): Promise<number> {
  const { bytes, starts, lengths } = packPayloads(events.map(({ payload }) => payload));
  const { rowCount } = await database.query(
    `INSERT INTO event_log (epoch, xid, event_id, topic, key, type, version, occurred_at, correlation_id, causation_id, traceparent, payload)
     SELECT 0, '0', e.event_id, e.topic, e.key, e.type, e.version, e.occurred_at, e.correlation_id, e.causation_id, e.traceparent,
            substring($1::bytea FROM e.start FOR e.bytes)
     FROM unnest($2::int[], $3::int[], $4::uuid[], $5::text[], $6::text[], $7::text[], $8::text[], $9::timestamptz[], $10::text[], $11::text[], $12::text[])
       AS e (start, bytes, event_id, topic, key, type, version, occurred_at, correlation_id, causation_id, traceparent)
     ON CONFLICT ON CONSTRAINT event_log_event_id DO NOTHING`,
    [
      bytes, starts, lengths,
      events.map(({ eventId }) => eventId), events.map(({ topic }) => topic), events.map(({ key }) => key),
      events.map(({ type }) => type), events.map(({ version }) => version), events.map(({ occurredAt }) => occurredAt.toISOString()),
      events.map(({ correlationId }) => correlationId), events.map(({ causationId }) => causationId), events.map(({ traceparent }) => traceparent),
    ],
  );
  return rowCount;
}

function placeOf({ topic, partition, offset }: IncomingRecord): string {
  return `${topic} ${partition}:${offset}`;
}
