import type { AnyEventType, UpcastChains } from '@lifeos/contracts';
import type { EventEnvelope } from '@lifeos/events';
import type { LogPosition } from './position.js';

/** An event as the log holds it. */
export interface StoredEvent<Payload extends object = object> extends EventEnvelope<Payload> {
  readonly position: LogPosition;
  /** Null for events that belong to no stream. */
  readonly stream: string | null;
  readonly streamVersion: number | null;
}

export interface EventRow {
  readonly epoch: number;
  readonly log_xid: string;
  readonly seq: string;
  readonly event_id: string;
  readonly stream: string | null;
  readonly stream_version: number | null;
  readonly key: string;
  readonly type: string;
  readonly version: string;
  readonly occurred_at: Date;
  readonly correlation_id: string | null;
  readonly causation_id: string | null;
  readonly traceparent: string | null;
  readonly payload: Buffer;
}

/** The transaction id has another name as text, else ORDER BY would sort by that text. */
export const eventColumns = `epoch, xid::text AS log_xid, seq, event_id, stream, stream_version, key, type, version,
  occurred_at, correlation_id, causation_id, traceparent, payload`;

export interface KnownTypes {
  /** Every major that the log may hold. */
  readonly types: readonly AnyEventType[];
  readonly upcasts: UpcastChains;
}

/** How rows of one type are read, and as which. */
interface Reading {
  readonly type: AnyEventType;
  read(bytes: Buffer, version: string): object;
}

function readingOf(written: AnyEventType, { types, upcasts }: KnownTypes): Reading {
  const type = upcasts.newestFor(written, types) ?? written;
  const upcast = upcasts.between(written, type);
  if (upcast === null || type === written) return { type: written, read: (bytes, version) => written.decode(bytes, version) as object };
  return { type, read: (bytes, version) => upcast(written.decode(bytes, version) as object) };
}

/** Reads rows with the event types of one service; an older major as the newest that it can be led to. */
export class EventReader {
  private readonly types: ReadonlyMap<string, Reading>;

  /** `warn` hears once of each type that is left out because the service does not know it. */
  constructor(private readonly service: string, known: KnownTypes, private readonly warn: (message: string) => void) {
    this.types = new Map(known.types.map((type) => [type.recordName, readingOf(type, known)]));
  }

  private readonly warned = new Set<string>();

  /** These types and the older majors whose rows are given as one of them. */
  writtenAs(types: readonly AnyEventType[]): string[] {
    const wanted = new Set(types.map(({ recordName }) => recordName));
    const older = [...this.types].flatMap(([recordName, { type }]) => (wanted.has(type.recordName) ? [recordName] : []));
    return [...new Set([...wanted, ...older])];
  }

  /** Rows of unknown types are left out (P-11). */
  read(rows: readonly EventRow[]): StoredEvent[] {
    return rows.flatMap((row) => this.readOne(row) ?? []);
  }

  private readOne(row: EventRow): StoredEvent | null {
    const reading = this.types.get(row.type);
    if (reading === undefined) {
      if (!this.warned.has(row.type)) this.warn(`The event log holds events of type ${row.type}, which this service does not know; they are left out`);
      this.warned.add(row.type);
      return null;
    }
    return {
      eventId: row.event_id,
      type: reading.type,
      version: row.version,
      timestamp: row.occurred_at,
      key: row.key,
      correlationId: row.correlation_id,
      causationId: row.causation_id,
      source: this.service,
      traceparent: row.traceparent,
      payload: reading.read(row.payload, row.version),
      position: { epoch: row.epoch, xid: row.log_xid, seq: row.seq },
      stream: row.stream,
      streamVersion: row.stream_version,
    };
  }
}
