import { catalogUpcasts, type AnyEventType, type JsonValue, type UpcastChains } from '@lifeos/contracts';
import type { NewEvent } from '@lifeos/events';
import type { Database, Queryable, Transaction } from '@lifeos/postgres';
import { adoptServer } from './adopt-server.js';
import { revisionsFor, type ConsentRevisions } from './consent-revisions.js';
import { defaultMaxRecordBytes, encodeEvent } from './encoded-event.js';
import type { EncodedEvent } from './encoded-event.js';
import { KeyNotLocked, ServerNotAdopted } from './errors.js';
import { Conditions } from './filter.js';
import type { EventFilter } from './filter.js';
import { logStart } from './position.js';
import type { LogPosition } from './position.js';
import { loadSnapshot } from './snapshots.js';
import type { Snapshot } from './snapshots.js';
import { eventColumns, EventReader } from './stored-event.js';
import type { EventRow, StoredEvent } from './stored-event.js';
import { currentVersions, writeEvents } from './write-events.js';

export interface EventLogOptions {
  readonly database: Database;
  /** The publishing service, for example `quests`; the source of its events. */
  readonly service: string;
  /** Every type that the service may read from its log, older majors and private ones included. */
  readonly types: readonly AnyEventType[];
  /** How older majors are read as newer ones. Default: those of the catalog; private events bring their own. */
  readonly upcasts?: UpcastChains;
  /** Size of a record at which the broker would refuse it. Default: Kafka's 1 MB less headroom. */
  readonly maxRecordBytes?: number;
  readonly warn?: (message: string) => void;
  /** What the service knows of people's consents; goes along with their sensitive events (V-8), and is asked for no others. */
  readonly consentRevisions?: ConsentRevisions;
}

export interface ReadOptions {
  /** Where an earlier read ended. */
  readonly after?: LogPosition;
  readonly limit?: number;
  readonly pageSize?: number;
  /**
   * Leave out what an open transaction may still come before. For readers that keep a position and
   * continue from it; without it they could miss an event for good.
   */
  readonly settled?: boolean;
}

export interface LogStatistics {
  readonly total: number;
  readonly byType: Readonly<Record<string, number>>;
  readonly oldest: Date | null;
  readonly newest: Date | null;
}

/** A service's event store and outbox in one: what is appended here is relayed to Kafka, in log order. */
export class EventLog {
  private readonly database: Database;
  private readonly reader: EventReader;
  private readonly maxRecordBytes: number;
  private readonly consentRevisions: ConsentRevisions | undefined;
  private readonly buffers = new WeakMap<Transaction, EncodedEvent[]>();
  private readonly listeners = new Set<() => void>();

  constructor(options: EventLogOptions) {
    this.database = options.database;
    this.reader = new EventReader(options.service, { types: options.types, upcasts: options.upcasts ?? catalogUpcasts }, options.warn ?? ((message) => process.emitWarning(message)));
    this.consentRevisions = options.consentRevisions;
    this.maxRecordBytes = options.maxRecordBytes ?? defaultMaxRecordBytes;
  }

  /**
   * Appends events in this transaction. They are encoded now and written in one statement just before
   * COMMIT; a savepoint that is undone takes its events along. An event id that is in the log already
   * is not appended again.
   * @throws KeyNotLocked, EventTooLarge
   */
  append(tx: Transaction, events: readonly NewEvent[]): void {
    this.buffer(tx, events.map((event) => this.encode(tx, event, null, null)));
  }

  /**
   * Appends events to a stream that is expected to stand at a version, 0 for a new one. The first of
   * them gets the version after it. A stream that stands elsewhere fails the commit with
   * `ConcurrencyError`, and nothing is written.
   * @throws KeyNotLocked, EventTooLarge
   */
  appendToStream(tx: Transaction, at: { stream: string; expectedVersion: number }, events: readonly NewEvent[]): void {
    this.buffer(tx, events.map((event, i) => this.encode(tx, event, at.stream, at.expectedVersion + 1 + i)));
  }

  /** Called after each commit that appended; returns the function that ends it. */
  onAppended(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Events of a stream between two versions, both included, oldest first. */
  async readStream(stream: string, range: { from?: number; to?: number } = {}, on: Queryable = this.database): Promise<StoredEvent[]> {
    const { rows } = await on.query<EventRow>(
      `SELECT ${eventColumns} FROM event_log WHERE stream = $1 AND stream_version BETWEEN $2 AND $3 ORDER BY stream_version`,
      [stream, range.from ?? 1, range.to ?? 2_147_483_647],
    );
    return this.reader.read(rows);
  }

  /** The newest snapshot of that shape, if any, and the events after it. */
  async readFromSnapshot<State extends JsonValue>(
    stream: string,
    type: string,
    on: Queryable = this.database,
  ): Promise<{ snapshot: Snapshot<State> | null; events: StoredEvent[] }> {
    const snapshot = await loadSnapshot<State>(on, stream, type);
    return { snapshot, events: await this.readStream(stream, { from: (snapshot?.version ?? 0) + 1 }, on) };
  }

  /** Events in log order, page by page, so that any number fits into memory. */
  async *readAll(filter: EventFilter = {}, options: ReadOptions = {}): AsyncGenerator<StoredEvent, void, undefined> {
    const { pageSize = 500, settled = false } = options;
    let after = options.after ?? logStart;
    let left = options.limit ?? Number.POSITIVE_INFINITY;
    while (left > 0) {
      const size = Math.min(pageSize, left);
      const rows = await this.readPage(filter, after, { size, settled });
      const events = this.reader.read(rows);
      yield* events;
      const last = rows.at(-1);
      if (last === undefined || rows.length < size) return;
      after = { epoch: last.epoch, xid: last.log_xid, seq: last.seq };
      left -= events.length;
    }
  }

  async count(filter: EventFilter = {}): Promise<number> {
    const { where, values } = this.conditionsOf(filter);
    const { rows } = await this.database.query<{ count: string }>(`SELECT count(*) FROM event_log ${where}`, values);
    return Number(rows[0]?.count ?? 0);
  }

  /** 0 for a stream without events. */
  async currentVersion(stream: string, on: Queryable = this.database): Promise<number> {
    return (await currentVersions(on, [stream])).get(stream) ?? 0;
  }

  async statistics(filter: EventFilter = {}): Promise<LogStatistics> {
    const { where, values } = this.conditionsOf(filter);
    const { rows } = await this.database.query<{ type: string; count: string; oldest: Date; newest: Date }>(
      `SELECT type, count(*), min(occurred_at) AS oldest, max(occurred_at) AS newest FROM event_log ${where} GROUP BY type ORDER BY type`,
      values,
    );
    const times = rows.flatMap(({ oldest, newest }) => [oldest.getTime(), newest.getTime()]);
    return {
      total: rows.reduce((sum, { count }) => sum + Number(count), 0),
      byType: Object.fromEntries(rows.map(({ type, count }) => [type, Number(count)])),
      oldest: times.length === 0 ? null : new Date(Math.min(...times)),
      newest: times.length === 0 ? null : new Date(Math.max(...times)),
    };
  }

  private conditionsOf(filter: EventFilter): Conditions {
    return new Conditions(filter, (types) => this.reader.writtenAs(types));
  }

  private encode(tx: Transaction, event: NewEvent, stream: string | null, streamVersion: number | null): EncodedEvent {
    if (!tx.keys.has(event.key)) throw new KeyNotLocked(event.key, event.type.name);
    return { event, payload: encodeEvent(event, this.maxRecordBytes), stream, streamVersion };
  }

  /** A hook for each call, since a savepoint undoes hooks; the first one to run writes for all. */
  private buffer(tx: Transaction, events: readonly EncodedEvent[]): void {
    if (events.length === 0) return;
    tx.beforeCommit(async (committing) => {
      const waiting = this.buffers.get(committing);
      if (waiting !== undefined) return void waiting.push(...events);
      this.buffers.set(committing, [...events]);
      committing.beforeCommit((last) => this.flush(last));
    });
  }

  private async flush(tx: Transaction): Promise<void> {
    const events = this.buffers.get(tx) ?? [];
    this.buffers.delete(tx);
    try {
      await writeEvents(tx, events, await revisionsFor(tx, events, this.consentRevisions));
    } catch (error) {
      if (error instanceof ServerNotAdopted) await adoptServer(this.database);
      throw error;
    }
    tx.afterCommit(() => this.listeners.forEach((listener) => listener()));
  }

  private async readPage(filter: EventFilter, after: LogPosition, page: { size: number; settled: boolean }): Promise<EventRow[]> {
    const conditions = this.conditionsOf(filter);
    conditions.after(after);
    if (page.settled) conditions.settled();
    const { rows } = await this.database.query<EventRow>(
      `SELECT ${eventColumns} FROM event_log ${conditions.where} ORDER BY event_log.epoch, event_log.xid, event_log.seq LIMIT ${page.size}`,
      conditions.values,
    );
    return rows;
  }
}
