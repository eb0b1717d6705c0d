import { setImmediate as nextTurn } from 'node:timers/promises';
import type { AnyEventType, UpcastChains } from '@lifeos/contracts';
import type { RecordDecoder } from '@lifeos/events';
import type { Database } from '@lifeos/postgres';
import type { Batch, BatchOutcome } from './batch.js';
import type { Stretch } from './batch-run.js';
import type { ConsentGate } from './consent/consent-gate.js';
import { sensitiveAmong } from './consent/gate-run.js';
import { Failures } from './failures.js';
import type { HandlerDefinition } from './handler.js';
import { LeftOutWarnings } from './left-out-warnings.js';
import { ParkingLimits, type ParkingLimitSettings } from './parking-limits.js';
import type { DeliveryLog, DeliveryMetrics, EventAppender } from './ports.js';
import { noMetrics, silentLog } from './ports.js';
import { PositionDoubts } from './position-doubts.js';
import type { Slice } from './prepare.js';
import { prepareSlice } from './prepare.js';
import type { Stop } from './settler.js';
import { Settler } from './settler.js';
import { JoinWaits } from './starts/join-waits.js';
import type { Subscription } from './subscriptions.js';
import { subscriptionsOf, TopicRoutes } from './subscriptions.js';

export interface BatchProcessorOptions {
  readonly handlers: readonly HandlerDefinition[];
  readonly decoder: RecordDecoder;
  readonly database: Database;
  readonly eventLog: EventAppender;
  /** Every type that the service was compiled with: what wildcards get, and how a newer major is told. Default: the handlers' types. */
  readonly knownTypes?: readonly AnyEventType[];
  /** How older majors are read as newer ones. Default: those of the catalog. */
  readonly upcasts?: UpcastChains;
  readonly logger?: DeliveryLog;
  readonly metrics?: DeliveryMetrics;
  /** The partition's end as the broker tells it now. Asked before a halt, because a fetch may be old. Default: the fetch is believed. */
  readonly currentHighWatermark?: (topic: string, partition: number) => Promise<number>;
  /** Events a transaction at most. Default 500. */
  readonly maxEvents?: number;
  /** Time of its one-event handlers after which a transaction ends at the next event, ms. Default 50: an open write holds back all relays of the server. */
  readonly maxTransactionMs?: number;
  readonly now?: () => Date;
  /** P-17: at which number and age of parked events consumption slows. */
  readonly limits?: ParkingLimitSettings;
  /** Whom sensitive events may be given (V-6). Default: nobody is asked, for handlers on their own. */
  readonly gate?: ConsentGate;
  /** Called when events were parked, because one may be due earlier than the retrier knows: `retrier.wake`. */
  readonly onParked?: () => void;
  /**
   * For the group that feeds one new handler its history until it goes live: the persisted name of that handler
   * among `handlers`. Default: the service's group, which feeds all others.
   */
  readonly catchUp?: string;
}

const brokerPauseMs = 2_000;

/**
 * Gives the records of a partition to the service's handlers, each event taking effect exactly once in
 * the service's own database. Calls for different partitions may overlap; so may calls for one partition
 * in different processes (a member that does not know yet that it lost it): the second waits and then
 * finds everything done. Never throws for what a record or a handler does.
 */
export class BatchProcessor {
  private readonly subscriptions: readonly Subscription[];
  private readonly knownTypes: readonly AnyEventType[];
  private readonly routes = new Map<string, TopicRoutes>();
  private readonly logger: DeliveryLog;
  private readonly metrics: DeliveryMetrics;
  private readonly leftOut: LeftOutWarnings;
  private readonly doubts: PositionDoubts;
  private readonly limits: ParkingLimits;
  private readonly waits: JoinWaits;
  /** The handlers that the one of a catch-up is to join. */
  private readonly joins: readonly string[] | null;

  /** @throws HandlerNameTaken, InvalidVersionRange, VersionGapsInRange */
  constructor(private readonly options: BatchProcessorOptions) {
    this.knownTypes = options.knownTypes ?? options.handlers.flatMap(({ types }) => (types === '*' ? [] : types));
    const all = subscriptionsOf(options.handlers, this.knownTypes, options.upcasts);
    const { catchUp } = options;
    this.subscriptions = catchUp === undefined ? all : all.filter(({ id }) => id === catchUp);
    this.joins = catchUp === undefined ? null : all.flatMap(({ id }) => (id === catchUp ? [] : [id]));
    this.waits = new JoinWaits(options.database, this.joins === null);
    this.logger = options.logger ?? silentLog;
    this.metrics = options.metrics ?? noMetrics;
    this.leftOut = new LeftOutWarnings(this.logger, Date.now);
    this.limits = new ParkingLimits(options.database, options.limits ?? {}, { logger: this.logger, now: options.now ?? (() => new Date()) });
    this.doubts = new PositionDoubts(options.currentHighWatermark ?? null);
  }

  /** Resolves when the batch is committed, or tells what must happen first. An abort rolls back what is not committed yet. */
  async process(batch: Batch, signal: AbortSignal): Promise<BatchOutcome> {
    const { topic, records, fetchedOffset } = batch;
    const routes = this.routesOf(topic);
    const end = endOf(batch);
    if (routes.subscriptions.length === 0) return this.passOver(batch, end);
    const wait = await this.limits.waitBefore(`${topic} ${batch.partition}`);
    if (wait !== null) return { kind: 'pause', ...wait };
    const settler = this.settlerFor(signal);
    let from = fetchedOffset;
    let prepared = this.prepare(batch, 0, routes);
    for (let index = 0; index < records.length; ) {
      const slice = await prepared;
      const next = records[slice.nextIndex]?.offset ?? end;
      const stretch = this.stretchOf(batch, { from, next }, { slice, routes });
      const settling = this.settle(settler, stretch, signal);
      if (slice.nextIndex < records.length && slice.blockedBy === null) prepared = this.prepareMeanwhile(batch, slice.nextIndex, routes);
      const stop = await settling;
      if (stop !== null) return stop.kind === 'held' ? this.waits.outcomeOf(stop, batch) : this.outcomeOf(stop, batch, from);
      for (const [reason, count] of slice.skipped) this.metrics.skipped(topic, reason, count);
      [from, index] = [next, slice.nextIndex];
      if (slice.blockedBy !== null) return this.outcomeOf({ kind: 'pause', reason: slice.blockedBy.message, retryAfterMs: null }, batch, from);
    }
    this.doubts.clear(batch);
    this.waits.clear(batch);
    return { kind: 'done', nextOffset: from };
  }

  private async settle(settler: Settler, stretch: Stretch, signal: AbortSignal): Promise<Stop | null> {
    if (signal.aborted) return aborted;
    const wait = await this.waitForConsents(stretch);
    if (wait !== null) return wait;
    const stop = await settler.settle(stretch);
    if (stop?.kind !== 'beyond_end') return stop;
    try {
      const highWatermark = await this.doubts.highWatermark(stretch);
      return highWatermark < stop.offset ? stop : await settler.settle({ ...stretch, highWatermark });
    } catch (error) {
      return { kind: 'pause', reason: `The broker does not tell the end of ${stretch.topic}: ${String(error)}`, retryAfterMs: brokerPauseMs };
    }
  }

  private async waitForConsents({ items }: Stretch): Promise<Stop | null> {
    const { gate } = this.options;
    const sensitive = gate === undefined ? [] : sensitiveAmong(items);
    if (gate === undefined || sensitive.length === 0) return null;
    try {
      const wait = await gate.waitBefore(sensitive);
      return wait === null ? null : { kind: 'pause', ...wait };
    } catch (error) {
      return { kind: 'pause', reason: `It cannot be read what people allow: ${String(error)}`, retryAfterMs: brokerPauseMs };
    }
  }

  /** What is committed counts first: the reason to stop is met again by the next batch. */
  private outcomeOf(stop: Exclude<Stop, { kind: 'held' }> | Extract<BatchOutcome, { kind: 'pause' }>, batch: Batch, from: number): BatchOutcome {
    if (stop.kind === 'finished') return { kind: 'finished' };
    if (stop.kind === 'aborted' || from > batch.fetchedOffset) return { kind: 'done', nextOffset: from };
    if (stop.kind === 'pause') this.logger.warn(stop.reason, { topic: batch.topic, partition: batch.partition, from });
    const outcome = stop.kind === 'pause' ? stop : this.doubts.outcomeOf(stop, batch);
    if (outcome.kind === 'seek') this.logger.warn(`${batch.topic} is read again from ${outcome.offset}`, { ...stop, topic: batch.topic, partition: batch.partition });
    if (outcome.kind === 'halt') this.logger.error(outcome.reason, { topic: batch.topic, partition: batch.partition });
    return outcome;
  }

  private prepare({ records }: Batch, index: number, routes: TopicRoutes): Promise<Slice> {
    const { decoder, maxEvents = 500 } = this.options;
    return prepareSlice(records, index, { routes, decoder, maxItems: maxEvents, leftOut: this.leftOut.note });
  }

  /** Once the database has something to do: it works on the slice before while this one is decoded. */
  private prepareMeanwhile(batch: Batch, index: number, routes: TopicRoutes): Promise<Slice> {
    const prepared = nextTurn().then(() => this.prepare(batch, index, routes));
    // Shows when it is awaited; the slice before it may end the batch first.
    prepared.catch(() => undefined);
    return prepared;
  }

  private stretchOf(batch: Batch, range: { from: number; next: number }, { slice, routes }: { slice: Slice; routes: TopicRoutes }): Stretch {
    const { topic, partition, highWatermark, logStartOffset = 0 } = batch;
    return { topic, partition, ...range, highWatermark, logStart: logStartOffset, items: slice.items, subscriptions: routes.subscriptions };
  }

  private settlerFor(signal: AbortSignal): Settler {
    const { database, eventLog, maxTransactionMs = 50, now = () => new Date(), onParked, gate = null } = this.options;
    const { joins, logger, metrics } = this;
    return new Settler({ database, log: eventLog, failures: new Failures(now), signal, maxTransactionMs, now, gate, logger, metrics, joins, onParked: onParked ?? (() => undefined) });
  }

  private passOver({ topic, records }: Batch, end: number): BatchOutcome {
    if (records.length > 0) this.metrics.skipped(topic, 'unhandled_type', records.length);
    return { kind: 'done', nextOffset: end };
  }

  private routesOf(topic: string): TopicRoutes {
    const known = this.routes.get(topic);
    if (known !== undefined) return known;
    const routes = new TopicRoutes(topic, this.subscriptions, this.knownTypes);
    this.routes.set(topic, routes);
    return routes;
  }
}

function endOf({ records, fetchedOffset }: Batch): number {
  return (records.at(-1)?.offset ?? fetchedOffset - 1) + 1;
}

const aborted: Stop = { kind: 'aborted' };
