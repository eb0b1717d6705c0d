import { headersOf } from '@lifeos/events';
import type { OutgoingRecord, SchemaIds } from '@lifeos/events';
import type { LogRow } from './log-rows.js';

const magicByte = 0;
const frameBytes = 5;

/** Turns rows into records: the current registry's id before the stored bytes, and the headers. */
export class RecordBuilder {
  private readonly ids = new Map<string, number>();

  constructor(private readonly service: string, private readonly schemaIds: SchemaIds) {}

  /**
   * Finds the ids of all schemas of these rows. Returns how many rows, from the first on, have one; the
   * rest must wait with `missing`, lest a later event of a key overtakes an earlier one.
   */
  async prepare(rows: readonly LogRow[]): Promise<{ ready: number; missing: unknown }> {
    for (const [i, { topic, type, version }] of rows.entries()) {
      const schema = `${type} ${version}`;
      if (topic === null || this.ids.has(schema)) continue;
      try {
        this.ids.set(schema, await this.schemaIds.idFor(type, version));
      } catch (error) {
        return { ready: i, missing: error };
      }
    }
    return { ready: rows.length, missing: null };
  }

  /** Forgets ids, so that a registry that was replaced is asked anew. */
  forget(): void {
    this.ids.clear();
  }

  build(row: LogRow): OutgoingRecord {
    const { payload, topic } = row;
    const id = this.ids.get(`${row.type} ${row.version}`);
    if (payload === null || topic === null || id === undefined) throw new Error(`Event ${row.event_id} is not to be sent`);
    const value = Buffer.allocUnsafe(frameBytes + payload.length);
    value[0] = magicByte;
    value.writeUInt32BE(id, 1);
    payload.copy(value, frameBytes);
    return { topic, key: row.key, value, headers: this.headers(row) };
  }

  private headers(row: LogRow): OutgoingRecord['headers'] {
    return headersOf({
      eventId: row.event_id,
      recordName: row.type,
      context: this.service,
      version: row.version,
      timestamp: row.occurred_at,
      key: row.key,
      correlationId: row.correlation_id,
      causationId: row.causation_id,
      traceparent: row.traceparent,
      consentRevision: row.consent_revision,
    });
  }
}
