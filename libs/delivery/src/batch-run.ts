import type { Transaction } from '@lifeos/postgres';
import type { BatchItem } from './batch-item.js';
import type { DeadLetter } from './dead-letters.js';
import { noHandler } from './dead-letters.js';
import type { Failure } from './failure.js';
import { failureOf } from './failure.js';
import type { Failures } from './failures.js';
import { abortReason, CallFailed, callHandler } from './handler-call.js';
import { recordInInbox } from './inbox.js';
import type { IsParked, Parking } from './parking.js';
import type { EventAppender, HandledCall } from './ports.js';
import type { PartitionOf, Positions, PositionVerdict } from './positions.js';
import { advancePositions, lockPositions, verdictOn } from './positions.js';
import type { Subscription } from './subscriptions.js';
import { needsNewTransaction } from './trouble.js';

/** A stretch of a partition, and for whom it is to be handled. */
export interface Stretch extends PartitionOf {
  readonly from: number;
  readonly next: number;
  readonly highWatermark: number;
  readonly logStart: number;
  readonly items: readonly BatchItem[];
  readonly subscriptions: readonly Subscription[];
}

export interface RunEnvironment {
  readonly log: EventAppender;
  readonly parking: Parking;
  readonly failures: Failures;
  readonly signal: AbortSignal;
  /** Ends the run at the next event once its handlers have taken so long. */
  readonly maxTransactionMs: number;
}

/** What the transaction did, to be told when it is committed. */
export interface RunReport {
  readonly verdict: PositionVerdict;
  /** The stretch is handled up to here; less than its end when time was up. */
  readonly nextOffset: number;
  readonly calls: readonly HandledCall[];
  readonly letters: readonly DeadLetter[];
  readonly copies: number;
}

/** Handles a stretch in one transaction. All its statements are sets, whatever the number of events. */
export class BatchRun {
  private readonly calls: HandledCall[] = [];
  private readonly letters: DeadLetter[] = [];
  private positions: Positions = new Map();
  private copies: ReadonlySet<BatchItem> = new Set();
  private isParked: IsParked = () => false;

  constructor(
    private readonly tx: Transaction,
    private readonly stretch: Stretch,
    private readonly env: RunEnvironment,
  ) {}

  async run(): Promise<RunReport> {
    const { stretch, tx } = this;
    this.positions = await lockPositions(tx, stretch, stretch.subscriptions, stretch);
    const verdict = verdictOn(this.positions, stretch.from, stretch.highWatermark);
    if (verdict.kind !== 'fits') return this.report(verdict, stretch.from);

    const items = stretch.items.filter((item) => this.isNew(item));
    await this.readState(items);
    const endBy = performance.now() + this.env.maxTransactionMs;
    const handled = await this.callPerEvent(items, endBy);
    await this.callPerBatch(handled);
    const nextOffset = items[handled.length]?.record.offset ?? stretch.next;
    await this.settle(handled, nextOffset);
    return this.report(verdict, nextOffset);
  }

  private async readState(items: readonly BatchItem[]): Promise<void> {
    if (items.length === 0) return;
    this.copies = await recordInInbox(this.tx, this.stretch, items);
    const keys = new Set<string>();
    for (const { key } of items) if (key !== null) keys.add(key);
    const handlers = this.stretch.subscriptions.map(({ id }) => id);
    this.isParked = await this.env.parking.parkedQueues(this.tx, this.stretch, { handlers, keys: [...keys] });
  }

  /** Event by event, its handlers in their order. Returns the items that time allowed. */
  private async callPerEvent(items: readonly BatchItem[], endBy: number): Promise<readonly BatchItem[]> {
    for (const [index, item] of items.entries()) {
      for (const one of item.subscriptions) {
        if (!one.handler.batch && this.isDueFor(one, item)) await this.callUntilSettled(one, [item]);
      }
      if (performance.now() > endBy) return items.slice(0, index + 1);
    }
    return items;
  }

  private async callPerBatch(items: readonly BatchItem[]): Promise<void> {
    for (const one of this.stretch.subscriptions) {
      if (!one.handler.batch) continue;
      const due = items.filter((item) => item.subscriptions.includes(one) && this.isDueFor(one, item));
      await this.callUntilSettled(one, due);
    }
  }

  /**
   * The first failure of a batch ends the run: savepoints would cost every event two round trips for
   * the sake of the few that fail. Runs after it use them, and so find all others in one pass.
   */
  private async callUntilSettled(one: Subscription, items: readonly BatchItem[]): Promise<void> {
    const { failures } = this.env;
    if (failures.isEmpty) {
      if (items.length > 0) await this.call(one, items);
      return;
    }
    let rest = items;
    for (let [next] = failures.calls(one, rest); next !== undefined; [next] = failures.calls(one, rest)) {
      const called = new Set(next);
      if (await this.tryCall(one, next)) rest = rest.filter((item) => !called.has(item));
    }
  }

  private async tryCall(one: Subscription, items: readonly BatchItem[]): Promise<boolean> {
    try {
      await this.tx.savepoint(() => this.call(one, items));
      return true;
    } catch (error) {
      if (!(error instanceof CallFailed) || needsNewTransaction(error, this.env.signal)) throw error;
      this.env.failures.note(one, items, error.error);
      return false;
    }
  }

  private async call(one: Subscription, items: readonly BatchItem[]): Promise<void> {
    const { signal, log } = this.env;
    if (signal.aborted) throw abortReason(signal);
    const startedAt = performance.now();
    await callHandler(one, items, { tx: this.tx, log, signal });
    const oldest = items.reduce((time, { event }) => Math.min(time, event?.timestamp.getTime() ?? time), Infinity);
    this.calls.push({
      handler: one.handler.name,
      topic: this.stretch.topic,
      events: items.length,
      processingMs: performance.now() - startedAt,
      criticalMs: Date.now() - oldest,
    });
  }

  private async settle(items: readonly BatchItem[], nextOffset: number): Promise<void> {
    for (const item of items) this.collectLetters(item);
    if (this.letters.length > 0) await this.env.parking.park(this.tx, this.letters);
    const behind = [...this.positions].filter(([, position]) => position < nextOffset).map(([id]) => id);
    await advancePositions(this.tx, this.stretch, behind, nextOffset);
    if (this.env.signal.aborted) throw abortReason(this.env.signal);
  }

  private collectLetters(item: BatchItem): void {
    if (this.copies.has(item)) return;
    if (item.ceType === null && item.fault !== null) this.letters.push({ handler: noHandler, item, failure: faultOf(item.fault) });
    for (const one of item.subscriptions) {
      if (!this.isNewFor(one, item)) continue;
      const failure = item.fault === null ? this.env.failures.parked(one, item) : faultOf(item.fault);
      if (failure !== null || this.mustFollow(one, item)) this.letters.push({ handler: one.id, item, failure });
    }
  }

  private isDueFor(one: Subscription, item: BatchItem): boolean {
    return item.event !== null && item.fault === null && !this.copies.has(item) && this.isNewFor(one, item) && !this.mustFollow(one, item);
  }

  private mustFollow(one: Subscription, { key }: BatchItem): boolean {
    return key !== null && this.isParked({ handler: one.id, key });
  }

  private isNewFor(one: Subscription, { record }: BatchItem): boolean {
    const position = this.positions.get(one.id);
    return position !== undefined && record.offset >= position;
  }

  private isNew(item: BatchItem): boolean {
    if (item.ceType === null) return [...this.positions.values()].every((position) => item.record.offset >= position);
    return item.subscriptions.some((one) => this.isNewFor(one, item));
  }

  private report(verdict: PositionVerdict, nextOffset: number): RunReport {
    return { verdict, nextOffset, calls: this.calls, letters: this.letters, copies: this.copies.size };
  }
}

function faultOf(fault: Error): Failure {
  const now = new Date();
  return failureOf(fault, 0, { first: now, last: now });
}
