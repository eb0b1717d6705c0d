import { setTimeout as sleep } from 'node:timers/promises';
import type { AnyEventType, UpcastChains } from '@lifeos/contracts';
import type { RecordDecoder } from '@lifeos/events';
import type { Database } from '@lifeos/postgres';
import type { ConsentGate } from '../consent/consent-gate.js';
import type { HandlerDefinition } from '../handler.js';
import { LeftOutWarnings } from '../left-out-warnings.js';
import type { DeliveryLog, DeliveryMetrics, EventAppender } from '../ports.js';
import { noMetrics, silentLog } from '../ports.js';
import { textOf } from '../reruns.js';
import { Sleeper } from '../sleeper.js';
import { subscriptionsOf, TopicRoutes, type Subscription } from '../subscriptions.js';
import { claimDue, nextDues, offerVersions, type Claim } from './retry-queues.js';
import { RetryTask } from './retry-task.js';

export interface RetrierOptions {
  readonly handlers: readonly HandlerDefinition[];
  readonly decoder: RecordDecoder;
  readonly database: Database;
  readonly eventLog: EventAppender;
  /** As for the BatchProcessor. */
  readonly knownTypes?: readonly AnyEventType[];
  /** As for the BatchProcessor. */
  readonly upcasts?: UpcastChains;
  readonly logger?: DeliveryLog;
  readonly metrics?: DeliveryMetrics;
  /** Events a transaction at most. Default 500. */
  readonly maxEvents?: number;
  /** As for the BatchProcessor. Default 50 ms. */
  readonly maxTransactionMs?: number;
  /** Handlers whose retries run at the same time; each takes a connection. Default 2. */
  readonly handlersAtOnce?: number;
  /** As for the BatchProcessor. */
  readonly gate?: ConsentGate;
  readonly now?: () => Date;
}

/** What another instance parked without waking this one is seen after at most this time. */
const pollMs = 30_000;
const claimMs = 60_000;
const claimsAtOnce = 1_000;

/**
 * Tries parked events again when they are due, queue by queue in order, until each queue is empty and
 * its key flows normally again. Any number of instances may run: a queue is tried under its key's lock.
 */
export class Retrier {
  private readonly subscriptions: ReadonlyMap<string, Subscription>;
  private readonly knownTypes: readonly AnyEventType[];
  private readonly routes = new Map<string, TopicRoutes>();
  private readonly leftOut: LeftOutWarnings;
  private readonly logger: DeliveryLog;
  private readonly busy = new Map<string, Promise<void>>();
  private readonly sleeper = new Sleeper();
  private readonly leaving = new AbortController();
  private readonly ending = new AbortController();
  private running: Promise<void> | null = null;
  private hasOffered = false;

  /** @throws HandlerNameTaken, InvalidVersionRange, VersionGapsInRange */
  constructor(private readonly options: RetrierOptions) {
    this.knownTypes = options.knownTypes ?? options.handlers.flatMap(({ types }) => (types === '*' ? [] : types));
    this.subscriptions = new Map(subscriptionsOf(options.handlers, this.knownTypes, options.upcasts).map((one) => [one.id, one]));
    this.logger = options.logger ?? silentLog;
    this.leftOut = new LeftOutWarnings(this.logger, Date.now);
  }

  /** Returns at once; a database that is away is waited for. */
  start(): void {
    this.running ??= this.run();
  }

  /** Something may be due earlier than was known. */
  readonly wake = (): void => this.sleeper.wake();

  /** No further transaction begins; those in work get `graceMs` to end, then they roll back. */
  async stop({ graceMs = 2_000 }: { graceMs?: number } = {}): Promise<void> {
    this.leaving.abort();
    this.sleeper.wake();
    const timer = setTimeout(() => this.ending.abort(new Error('The service stops')), graceMs);
    await this.running;
    await Promise.all(this.busy.values());
    clearTimeout(timer);
  }

  /** Tries everything that is due now, and returns when that is done. For tests and for one-off runs. */
  async retryDue(): Promise<void> {
    do await Promise.all(this.busy.values());
    while ((await this.startDue()) === 0 || this.busy.size > 0);
  }

  private async run(): Promise<void> {
    let failures = 0;
    while (!this.leaving.signal.aborted) {
      this.sleeper.arm();
      try {
        const ms = await this.startDue();
        failures = 0;
        await this.sleeper.sleep(ms);
      } catch (error) {
        this.logger.warn(`Retries wait for the database: ${textOf(error)}`, { error });
        await this.sleeper.sleep(Math.min(500 * 2 ** failures++, pollMs));
      }
    }
  }

  /** Begins with what is due, for handlers that have nothing in work. Returns ms until more is due: 0, when that is now. */
  private async startDue(): Promise<number> {
    const { database, handlersAtOnce = 2, now = () => new Date() } = this.options;
    await this.offerVersions(now());
    const idle = [...this.subscriptions.keys()].filter((handler) => !this.busy.has(handler));
    if (idle.length === 0 || this.busy.size >= handlersAtOnce) return pollMs;
    const dues = await nextDues(database, idle, now());
    for (const { handler, due } of dues) {
      const ms = due.getTime() - now().getTime();
      if (ms > 0) return Math.min(ms, pollMs);
      if (this.busy.size >= handlersAtOnce) return pollMs;
      const until = new Date(now().getTime() + claimMs);
      const claims = await claimDue(database, handler, { now: now(), until, limit: claimsAtOnce });
      if (claims.length > 0) this.busy.set(handler, this.runTask(handler, claims));
    }
    return dues.length > 0 ? 0 : pollMs;
  }

  private async runTask(handler: string, claims: readonly Claim[]): Promise<void> {
    const { database, decoder, eventLog, maxEvents = 500, maxTransactionMs = 50, metrics = noMetrics, gate = null, now = () => new Date() } = this.options;
    const subscription = this.subscriptions.get(handler);
    if (subscription === undefined) return;
    const { logger } = this;
    const task = new RetryTask(claims, {
      subscription, database, decoder, log: eventLog, logger, metrics, maxEvents, maxTransactionMs, claimMs, now, gate,
      leftOut: this.leftOut.note, routesOf: (topic) => this.routesOf(topic), leaving: this.leaving.signal, ending: this.ending.signal,
    });
    const pauseMs = await task.run();
    // Whoever stops the service ends the wait.
    if (pauseMs > 0) await sleep(pauseMs, undefined, { signal: this.leaving.signal }).catch(() => undefined);
    this.busy.delete(handler);
    this.sleeper.wake();
  }

  /** Once a start: what an older build could not read may be known to this one. */
  private async offerVersions(now: Date): Promise<void> {
    if (this.hasOffered) return;
    const offered = await offerVersions(this.options.database, {
      handlers: [...this.subscriptions.keys()], types: this.knownTypes.map(({ recordName }) => recordName), now,
    });
    this.hasOffered = true;
    if (offered > 0) this.logger.info(`${offered} parked events of versions that this build knows are tried again`, { offered });
  }

  private routesOf(topic: string): TopicRoutes {
    const known = this.routes.get(topic);
    if (known !== undefined) return known;
    const routes = new TopicRoutes(topic, [...this.subscriptions.values()], this.knownTypes);
    this.routes.set(topic, routes);
    return routes;
  }
}
