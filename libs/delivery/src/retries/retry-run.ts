import type { RecordDecoder, RegistryUnreachable } from '@lifeos/events';
import type { Transaction } from '@lifeos/postgres';
import type { BatchItem } from '../batch-item.js';
import type { LeftOut } from '../classify.js';
import type { ConsentGate } from '../consent/consent-gate.js';
import { GateRun } from '../consent/gate-run.js';
import type { Failure } from '../failure.js';
import type { Failures } from '../failures.js';
import { abortReason } from '../handler-call.js';
import { HandlerCalls } from '../handler-calls.js';
import { readLetter, type LetterRow } from '../letter-rows.js';
import type { DeliveryLog, EventAppender, HandledCall } from '../ports.js';
import { readLiveAt } from '../positions.js';
import { scheduleOf } from '../retry-policy.js';
import { RunQueues } from '../run-queues.js';
import type { Subscription, TopicRoutes } from '../subscriptions.js';
import { deleteLetters, promoteNext, readQueues, writeFailed, type FailedLetter, type RetryQueue } from './retry-queues.js';

/** Queues of one handler and topic that are to be tried together. */
export interface RetryUnit {
  readonly subscription: Subscription;
  readonly topic: string;
  readonly routes: TopicRoutes;
  readonly queues: readonly RetryQueue[];
  /** Letters of each queue at most. */
  readonly depth: number;
}

export interface RetryEnvironment {
  readonly log: EventAppender;
  readonly decoder: RecordDecoder;
  readonly leftOut: LeftOut;
  readonly failures: Failures;
  readonly signal: AbortSignal;
  /** Ends the run at the next event once its handlers have taken so long. */
  readonly maxTransactionMs: number;
  readonly now: () => Date;
  readonly logger: DeliveryLog;
  /** How long queues that can go on stay in this process's hands, ms. */
  readonly claimMs: number;
  /** Null: nobody is asked. */
  readonly gate: ConsentGate | null;
}

/** What the transaction did, to be told when it is committed. */
export interface RetryReport {
  readonly calls: readonly HandledCall[];
  readonly handled: readonly LetterRow[];
  /** Removed, because this build gives them to nobody. */
  readonly leftOut: readonly LetterRow[];
  /** Removed, because the person does not allow it any more (V-6). */
  readonly refused: readonly LetterRow[];
  readonly failed: readonly FailedLetter[];
  /** Queues that can go on at once. */
  readonly more: readonly RetryQueue[];
  /** Set when letters could not be read until the registry answers; they are as they were. */
  readonly blockedBy: RegistryUnreachable | null;
}

interface Entry {
  readonly row: LetterRow;
  /** Null: this build gives it to nobody. */
  readonly item: BatchItem | null;
}

/** Tries due queues in one transaction, under the locks of their keys. */
export class RetryRun {
  /** What it is about to call the handler with, for whoever must name a culprit. */
  items: readonly BatchItem[] = [];
  private readonly handlers: HandlerCalls;
  private readonly queues: RunQueues;
  private readonly settled = new Set<Entry>();
  private readonly gate: GateRun;
  private blockedBy: RegistryUnreachable | null = null;
  private liveAt: ReadonlyMap<number, number | null> = new Map();

  constructor(
    private readonly tx: Transaction,
    private readonly unit: RetryUnit,
    private readonly env: RetryEnvironment,
  ) {
    // Heads that failed before are likely to fail again; what comes behind them is not.
    this.handlers = new HandlerCalls(tx, { ...env, isReplay: (_, item) => this.isReplay(item), topic: unit.topic, expectsFailures: unit.depth === 1 });
    this.queues = new RunQueues({ ...env, parked: new Map() });
    this.gate = new GateRun(env.gate);
  }

  async run(): Promise<RetryReport> {
    const { env, tx, unit } = this;
    const rows = await readQueues(tx, this.at, unit);
    const queues = await this.readable(rows.filter(([head]) => head !== undefined && this.isDue(head)));
    await this.gate.judge(tx, itemsOf(queues));
    this.items = itemsOf(queues).filter((item) => !this.gate.refuses(item));
    this.liveAt = await readLiveAt(tx, this.at);
    await (unit.subscription.handler.batch && this.areAlike ? this.callTogether(queues) : this.callEach(queues));
    const report = await this.write(queues);
    if (env.signal.aborted) throw abortReason(env.signal);
    return report;
  }

  /** Another instance, or a person, may have been faster. */
  private isDue({ is_follower, next_attempt_at }: LetterRow): boolean {
    return !is_follower && next_attempt_at !== null && next_attempt_at <= this.env.now();
  }

  private async readable(queues: readonly LetterRow[][]): Promise<Entry[][]> {
    const { env, unit } = this;
    const readable: Entry[][] = [];
    for (const rows of queues) {
      const entries: Entry[] = [];
      for (const row of rows) {
        const letter = await readLetter(row, { ...unit, ...env });
        if (typeof letter === 'object' && 'blockedBy' in letter) {
          this.blockedBy = letter.blockedBy;
          break;
        }
        entries.push({ row, item: typeof letter === 'string' ? null : letter });
      }
      if (entries.length > 0) readable.push(entries);
    }
    return readable;
  }

  private async callEach(queues: readonly Entry[][]): Promise<void> {
    const { subscription } = this.unit;
    const endBy = performance.now() + this.env.maxTransactionMs;
    for (const entry of queues.flat()) {
      const { item } = entry;
      if (item !== null && !this.gate.refuses(item) && this.queues.canRun(subscription, item)) await this.handlers.settle(subscription, [item]);
      this.settle(entry);
      if (performance.now() > endBy) return;
    }
  }

  private async callTogether(queues: readonly Entry[][]): Promise<void> {
    const { subscription } = this.unit;
    await this.handlers.settle(subscription, this.queues.runnable(subscription, this.items));
    for (const entry of queues.flat()) this.settle(entry);
  }

  /** History and news are never given in one call. */
  private get areAlike(): boolean {
    return new Set(this.items.map((item) => this.isReplay(item))).size < 2;
  }

  private isReplay({ record: { partition, offset } }: BatchItem): boolean {
    const liveAt = this.liveAt.get(partition);
    return liveAt === null || offset < (liveAt ?? 0);
  }

  private settle(entry: Entry): void {
    const { item } = entry;
    const isSettled = item === null || this.gate.refuses(item) || this.queues.note(this.unit.subscription, item);
    if (!isSettled) return;
    this.settled.add(entry);
    if (item !== null && !this.gate.refuses(item)) this.gate.noteHandled(item);
  }

  private async write(queues: readonly Entry[][]): Promise<RetryReport> {
    const { at, env, tx } = this;
    const failures = new Map(this.queues.letters.map(({ item, failure }) => [item, failure]));
    const failed = queues.flat().flatMap(({ row, item }) => {
      const failure = item === null ? null : (failures.get(item) ?? null);
      return failure === null ? [] : [this.failedLetter(row, failure)];
    });
    const settled = [...this.settled];
    await deleteLetters(tx, settled.map(({ row }) => row.id));
    const refused = new Set((await this.gate.record(tx, (item) => settled.some((entry) => entry.item === item))).map(({ item }) => item));
    await writeFailed(tx, failed);
    const now = env.now();
    const open = queues.filter((entries) => this.canGoOn(entries, failures));
    const keys = open.flatMap(([first]) => (first === undefined || first.row.key === null || !this.settled.has(first) ? [] : [first.row.key]));
    const promoted = await promoteNext(tx, at, { keys, now, claimedUntil: new Date(now.getTime() + env.claimMs) });
    const untouched = open.flatMap(([first]) => (first === undefined || this.settled.has(first) ? [] : [{ key: first.row.key, headId: first.row.id }]));
    return {
      calls: this.handlers.made,
      handled: settled.flatMap(({ row, item }) => (item === null || refused.has(item) ? [] : [row])),
      refused: settled.flatMap(({ row, item }) => (item !== null && refused.has(item) ? [row] : [])),
      leftOut: settled.flatMap(({ row, item }) => (item === null ? [row] : [])),
      failed,
      more: this.blockedBy === null ? [...promoted, ...untouched] : [],
      blockedBy: this.blockedBy,
    };
  }

  /** Nothing of it failed; it may hold more beyond what was read or what time allowed. */
  private canGoOn(entries: readonly Entry[], failures: ReadonlyMap<BatchItem, Failure | null>): boolean {
    return !entries.some(({ item }) => item !== null && failures.has(item));
  }

  private failedLetter(row: LetterRow, failure: Failure): FailedLetter {
    const { retry } = this.unit.subscription;
    // Its first call ever: it only waited so far, so nothing of its tries is used up.
    const isFirst = row.reason === null;
    const isVersion = failure.reason === 'unsupported_version';
    const retries = isFirst || isVersion ? row.retries : row.retries + 1;
    const maxRetries = isFirst ? retry.retries : row.max_retries;
    return { row, failure, retries, schedule: scheduleOf(failure, retry, { retries, maxRetries, now: this.env.now() }) };
  }

  private get at(): { handler: string; topic: string } {
    return { handler: this.unit.subscription.id, topic: this.unit.topic };
  }
}

function itemsOf(queues: readonly Entry[][]): BatchItem[] {
  return queues.flat().flatMap(({ item }) => (item === null ? [] : [item]));
}
