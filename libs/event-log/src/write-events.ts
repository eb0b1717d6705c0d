import type { AnyEventType } from '@lifeos/contracts';
import { sqlState } from '@lifeos/postgres';
import type { Queryable } from '@lifeos/postgres';
import type { EncodedEvent } from './encoded-event.js';
import { ConcurrencyError, ServerNotAdopted } from './errors.js';

/**
 * One statement for any number of events. The epoch is null while the server is not adopted, which the
 * table refuses. Payloads come as one value that is cut here, and types as numbers into small arrays:
 * both would otherwise be sent as escaped text for each row.
 */
const insert = {
  name: 'event_log_append',
  text: `
    INSERT INTO event_log (epoch, event_id, key, topic, type, version, occurred_at,
                           correlation_id, causation_id, traceparent, stream, stream_version, consent_revision, payload)
    SELECT (SELECT epoch FROM event_log_epoch WHERE server_started_at = pg_postmaster_start_time()),
           e.event_id, e.key, ($2::text[])[e.type_no], ($3::text[])[e.type_no], ($4::text[])[e.type_no], e.occurred_at,
           e.correlation_id, e.causation_id, e.traceparent, e.stream, e.stream_version, e.consent_revision,
           substring($1::bytea FROM e.start FOR e.bytes)
    FROM unnest($5::int[], $6::int[], $7::int[], $8::uuid[], $9::text[], $10::timestamptz[], $11::text[], $12::text[], $13::text[], $14::text[], $15::int[], $16::bigint[])
      AS e (type_no, start, bytes, event_id, key, occurred_at, correlation_id, causation_id, traceparent, stream, stream_version, consent_revision)
    ON CONFLICT ON CONSTRAINT event_log_event_id DO NOTHING`,
};

/**
 * Writes the events in the order given; an event id that is in the log already is left as it is.
 * `revisions` has one for each event, or is null when none of them is sensitive.
 * @throws ConcurrencyError, ServerNotAdopted
 */
export async function writeEvents(tx: Queryable, events: readonly EncodedEvent[], revisions: readonly (number | null)[] | null = null): Promise<void> {
  const streamEvents = events.filter(({ stream }) => stream !== null);
  if (streamEvents.length > 0) await checkExpectedVersions(tx, streamEvents);
  const written = await tx.query(insert, [...columnsOf(events), revisions]).then(({ rowCount }) => rowCount, (error: unknown) => refused(error, streamEvents));
  if (written < events.length && streamEvents.length > 0) await checkAllWritten(tx, streamEvents);
}

function columnsOf(events: readonly EncodedEvent[]): unknown[] {
  const types = new Map<AnyEventType, number>();
  for (const { event } of events) if (!types.has(event.type)) types.set(event.type, types.size + 1);
  const known = [...types.keys()];
  const { bytes, starts, lengths } = packPayloads(events.map(({ payload }) => payload));
  return [
    bytes,
    known.map(({ topic }) => topic),
    known.map(({ recordName }) => recordName),
    known.map(({ version }) => version),
    plain(events.map(({ event }) => types.get(event.type) ?? 0)),
    starts,
    lengths,
    plain(events.map(({ event }) => event.eventId)),
    events.map(({ event }) => event.key),
    plain(events.map(({ event }) => event.timestamp.toISOString())),
    orNull(events.map(({ event }) => event.correlationId)),
    orNull(events.map(({ event }) => event.causationId)),
    orNull(events.map(({ event }) => event.traceparent)),
    orNull(events.map(({ stream }) => stream)),
    orNull(events.map(({ streamVersion }) => streamVersion)),
  ];
}

/** Many payloads as one parameter, with the places to cut at as array literals. */
export function packPayloads(payloads: readonly Buffer[]): { bytes: Buffer; starts: string; lengths: string } {
  let start = 1;
  const starts: number[] = [];
  for (const payload of payloads) {
    starts.push(start);
    start += payload.length;
  }
  return { bytes: Buffer.concat(payloads, start - 1), starts: plain(starts), lengths: plain(payloads.map(({ length }) => length)) };
}

/** An array literal whose elements need no escaping. */
function plain(values: readonly (number | string)[]): string {
  return `{${values.join(',')}}`;
}

/** unnest fills a missing array up with nulls. */
function orNull<T>(values: (T | null)[]): (T | null)[] | null {
  return values.every((value) => value === null) ? null : values;
}

/** Events say which version they follow; the first one of each stream must follow the stored one. */
async function checkExpectedVersions(tx: Queryable, events: readonly EncodedEvent[]): Promise<void> {
  const versions = await currentVersions(tx, [...new Set(events.map(({ stream }) => stream ?? ''))]);
  for (const { stream, streamVersion } of events) {
    if (stream === null || streamVersion === null) continue;
    const actual = versions.get(stream) ?? 0;
    if (actual !== streamVersion - 1) throw new ConcurrencyError(stream, streamVersion - 1, actual);
    versions.set(stream, streamVersion);
  }
}

/** Versions of the streams that have events. */
export async function currentVersions(on: Queryable, streams: readonly string[]): Promise<Map<string, number>> {
  const { rows } = await on.query<{ stream: string; version: number }>(
    'SELECT stream, max(stream_version) AS version FROM event_log WHERE stream = ANY($1) GROUP BY stream',
    [streams],
  );
  return new Map(rows.map(({ stream, version }) => [stream, version]));
}

/** An id that was in the log already would leave a hole in its stream. */
async function checkAllWritten(tx: Queryable, events: readonly EncodedEvent[]): Promise<void> {
  const { rows } = await tx.query<{ stream: string; version: number }>(
    `SELECT e.stream, e.version FROM unnest($1::uuid[], $2::text[], $3::int[]) AS e (event_id, stream, version)
     WHERE NOT EXISTS (SELECT FROM event_log l WHERE (l.event_id, l.stream, l.stream_version) = (e.event_id, e.stream, e.version)) LIMIT 1`,
    [events.map(({ event }) => event.eventId), events.map(({ stream }) => stream), events.map(({ streamVersion }) => streamVersion)],
  );
  const missing = rows[0];
  if (missing !== undefined) throw new ConcurrencyError(missing.stream, missing.version - 1, null);
}

function refused(error: unknown, streamEvents: readonly EncodedEvent[]): never {
  const constraint = error instanceof Error && 'constraint' in error ? error.constraint : undefined;
  const first = streamEvents[0];
  if (sqlState(error) === '23505' && constraint === 'event_log_stream_version' && first !== undefined) {
    throw new ConcurrencyError(first.stream ?? '', (first.streamVersion ?? 1) - 1, null, { cause: error });
  }
  const column = error instanceof Error && 'column' in error ? error.column : undefined;
  if (sqlState(error) === '23502' && column === 'epoch') throw new ServerNotAdopted({ cause: error });
  throw error;
}
