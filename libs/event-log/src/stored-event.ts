import type { AnyEventType } from '@lifeos/contracts';
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

/** Reads rows with the event types of one service, older majors included. */
export class EventReader {
  private readonly types: ReadonlyMap<string, AnyEventType>;

  /** `warn` hears once of each type that is left out because the service does not know it. */
  constructor(private readonly service: string, types: readonly AnyEventType[], private readonly warn: (message: string) => void) {
    this.types = new Map(types.map((type) => [type.recordName, type]));
  }

  private readonly warned = new Set<string>();

  /** Rows of unknown types are left out (P-11). */
  read(rows: readonly EventRow[]): StoredEvent[] {
    return rows.flatMap((row) => this.readOne(row) ?? []);
  }

  private readOne(row: EventRow): StoredEvent | null {
    const type = this.types.get(row.type);
    if (type === undefined) {
      if (!this.warned.has(row.type)) this.warn(`The event log holds events of type ${row.type}, which this service does not know; they are left out`);
      this.warned.add(row.type);
      return null;
    }
    return {
      eventId: row.event_id,
      type,
      version: row.version,
      timestamp: row.occurred_at,
      key: row.key,
      correlationId: row.correlation_id,
      causationId: row.causation_id,
      source: this.service,
      traceparent: row.traceparent,
      payload: type.decode(row.payload, row.version),
      position: { epoch: row.epoch, xid: row.log_xid, seq: row.seq },
      stream: row.stream,
      streamVersion: row.stream_version,
    };
  }
}
