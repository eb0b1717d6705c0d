import type { Transaction } from '@lifeos/postgres';
import type { BatchItem } from './batch-item.js';
import type { ConsentGate } from './consent/consent-gate.js';
import { GateRun, type RefusedItem } from './consent/gate-run.js';
import type { DeadLetter } from './dead-letters.js';
import { writeDeadLetters } from './dead-letters.js';
import type { Failures } from './failures.js';
import { abortReason } from './handler-call.js';
import { HandlerCalls } from './handler-calls.js';
import { recordInInbox } from './inbox.js';
import type { DeliveryLog, EventAppender, HandledCall } from './ports.js';
import type { PartitionOf, Positions, PositionVerdict } from './positions.js';
import { advancePositions, lockPositions, verdictOn } from './positions.js';
import { RunQueues } from './run-queues.js';
import { goLive, waitWhereGroupIs } from './starts/join.js';
import { shareOfBatch, type Share } from './starts/share-of-batch.js';
import type { Subscription } from './subscriptions.js';

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
  readonly failures: Failures;
  readonly signal: AbortSignal;
  /** Ends the run at the next event once its handlers have taken so long. */
  readonly maxTransactionMs: number;
  readonly now: () => Date;
  /** Null: nobody is asked. */
  readonly gate: ConsentGate | null;
  readonly logger: DeliveryLog;
  /** Set when the batch is not the service's group's, but of the group that feeds one new handler: the other handlers, which it is to join. */
  readonly joins: readonly string[] | null;
}

/** What the transaction did, to be told when it is committed. */
export interface RunReport {
  readonly verdict: PositionVerdict;
  /** The stretch is handled up to here; less than its end when time was up. */
  readonly nextOffset: number;
  readonly calls: readonly HandledCall[];
  readonly letters: readonly DeadLetter[];
  readonly copies: number;
  /** Sensitive events that no handler was given. */
  readonly refused: readonly RefusedItem[];
}

/** Handles a stretch in one transaction. All its statements are sets, whatever the number of events. */
export class BatchRun {
  private readonly handlers: HandlerCalls;
  private queues: RunQueues;
  private positions: Positions = new Map();
  private share: Share | null = null;
  private copies: ReadonlySet<BatchItem> = new Set();
  private refused: readonly RefusedItem[] = [];
  private readonly gate: GateRun;

  constructor(
    private readonly tx: Transaction,
    private readonly stretch: Stretch,
    private readonly env: RunEnvironment,
  ) {
    const isReplay = (one: Subscription, { record }: BatchItem): boolean => record.offset < (this.share?.replayUntil.get(one.id) ?? 0);
    this.handlers = new HandlerCalls(tx, { ...env, isReplay, topic: stretch.topic });
    this.queues = new RunQueues({ ...env, parked: new Map() });
    this.gate = new GateRun(env.gate);
  }

  async run(): Promise<RunReport> {
    const { stretch } = this;
    const share = await this.findShare();
    const verdict = share.verdict ?? verdictOn(this.positions, stretch.from, stretch.highWatermark);
    if (verdict.kind !== 'fits') return this.report(verdict, stretch.from);

    const items = stretch.items.filter((item) => item.record.offset < share.until && this.isNew(item));
    await this.readState(items);
    const endBy = performance.now() + this.env.maxTransactionMs;
    const handled = await this.callPerEvent(items, endBy);
    await this.callPerBatch(handled);
    const nextOffset = items[handled.length]?.record.offset ?? share.until;
    await this.settle(nextOffset);
    return this.report(verdict, nextOffset);
  }

  /** Locks the rows, and lets handlers join for which it is time. */
  private async findShare(): Promise<Share> {
    const { env, stretch, tx } = this;
    const rows = await lockPositions(tx, stretch, stretch.subscriptions, stretch);
    this.share = shareOfBatch(rows, env.joins === null ? 'live' : 'catch-up', stretch);
    this.positions = this.share.positions;
    await goLive(tx, stretch, this.share.joined);
    await waitWhereGroupIs(tx, stretch, { handlers: this.share.rejoins, group: [...this.positions.keys()] });
    return this.share;
  }

  private async readState(items: readonly BatchItem[]): Promise<void> {
    if (items.length === 0) return;
    const { env, stretch, tx } = this;
    const { copies, parked } = await recordInInbox(tx, stretch, items, stretch.subscriptions.map(({ id }) => id));
    this.copies = copies;
    await this.gate.judge(tx, copies.size === 0 ? items : items.filter((item) => !copies.has(item)));
    this.queues = new RunQueues({ ...env, parked });
  }

  /** Event by event, its handlers in their order. Returns the items that time allowed. */
  private async callPerEvent(items: readonly BatchItem[], endBy: number): Promise<readonly BatchItem[]> {
    for (const [index, item] of items.entries()) {
      if (item.ceType === null) this.queues.noteUnroutable(item);
      for (const one of item.subscriptions) {
        if (one.handler.batch || !this.concerns(one, item)) continue;
        if (this.queues.canRun(one, item)) await this.handlers.settle(one, [item]);
        if (this.queues.note(one, item)) this.gate.noteHandled(item);
      }
      if (performance.now() > endBy) return items.slice(0, index + 1);
    }
    return items;
  }

  private async callPerBatch(items: readonly BatchItem[]): Promise<void> {
    for (const one of this.stretch.subscriptions) {
      if (!one.handler.batch) continue;
      const due = items.filter((item) => item.subscriptions.includes(one) && this.concerns(one, item));
      await this.handlers.settle(one, this.queues.runnable(one, due));
      for (const item of due) if (this.queues.note(one, item)) this.gate.noteHandled(item);
    }
  }

  private async settle(nextOffset: number): Promise<void> {
    const { env, stretch, tx } = this;
    await writeDeadLetters(tx, this.queues.letters);
    this.refused = await this.gate.record(tx, ({ record }) => record.offset < nextOffset);
    const behind = [...this.positions].filter(([, position]) => position < nextOffset).map(([id]) => id);
    await advancePositions(tx, stretch, behind, nextOffset);
    if (env.joins !== null) await waitWhereGroupIs(tx, stretch, { handlers: behind, group: env.joins });
    if (env.signal.aborted) throw abortReason(env.signal);
  }

  private concerns(one: Subscription, item: BatchItem): boolean {
    return !this.copies.has(item) && !this.gate.refuses(item) && this.isNewFor(one, item);
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
    return { verdict, nextOffset, calls: this.handlers.made, letters: this.queues.letters, copies: this.copies.size, refused: this.refused };
  }
}
