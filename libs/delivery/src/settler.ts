import type { Database } from '@lifeos/postgres';
import { setTimeout as sleep } from 'node:timers/promises';
import type { BatchOutcome } from './batch.js';
import type { RunEnvironment, RunReport, Stretch } from './batch-run.js';
import { BatchRun } from './batch-run.js';
import { isTransient } from './failure.js';
import { CallFailed } from './handler-call.js';
import type { DeliveryLog, DeliveryMetrics, RerunReason } from './ports.js';
import type { PositionVerdict } from './positions.js';
import { skipStretch } from './positions.js';
import { tellReport } from './tell-report.js';
import { troubleOf } from './trouble.js';

/** Why a stretch did not come to its end. */
export type Stop =
  | { readonly kind: 'aborted' }
  | Extract<BatchOutcome, { kind: 'pause' }>
  | Exclude<PositionVerdict, { kind: 'fits' }>;

type Attempt = { kind: 'handled'; report: RunReport } | { kind: 'unnamed'; error: unknown } | Stop;

export interface SettlerDeps extends RunEnvironment {
  readonly database: Database;
  readonly logger: DeliveryLog;
  readonly metrics: DeliveryMetrics;
}

const pauseMs = 1_000;
/** A connection may break under a batch for reasons of its own; a batch that breaks each one is at fault. */
const connectionsToTry = 5;

/** Runs a stretch again and again, each time knowing more, until each event in it is handled or parked. */
export class Settler {
  private conflicts = 0;
  private connectionsLost = 0;
  private furtherRuns = 0;

  constructor(private readonly deps: SettlerDeps) {}

  /** Null when all of it is committed. */
  async settle(stretch: Stretch): Promise<Stop | null> {
    let rest = stretch;
    while (rest.from < rest.next) {
      const attempt = await this.attempt(rest);
      if (attempt.kind === 'unnamed') return this.divide(rest, attempt.error);
      if (attempt.kind !== 'handled') return attempt;
      const { verdict, nextOffset } = attempt.report;
      if (verdict.kind !== 'fits') return verdict;
      rest = { ...rest, from: nextOffset, items: rest.items.filter(({ record }) => record.offset >= nextOffset) };
    }
    return null;
  }

  private async attempt(stretch: Stretch): Promise<Attempt> {
    for (;;) {
      try {
        const report = await this.commit(stretch);
        tellReport(report, stretch.topic, this.deps);
        [this.conflicts, this.connectionsLost, this.furtherRuns] = [0, 0, 0];
        return { kind: 'handled', report };
      } catch (error) {
        const next = await this.afterTrouble(stretch, error);
        if (next !== 'again') return next;
      }
    }
  }

  private async commit(stretch: Stretch): Promise<RunReport> {
    const { database } = this.deps;
    const { items, subscriptions, next } = stretch;
    const ids = subscriptions.map(({ id }) => id);
    if (items.length === 0 && (await skipStretch(database, stretch, ids, stretch))) {
      return { verdict: { kind: 'fits' }, nextOffset: next, calls: [], letters: [], copies: 0 };
    }
    const keys = new Set<string>();
    for (const { key } of items) if (key !== null) keys.add(key);
    // Each call has its own limit; this one is only the net below them, and below their tries.
    const timeoutMs = subscriptions.reduce((sum, { handler }) => sum + 4 * handler.timeoutMs, 30_000);
    return database.transaction({ keys: [...keys], timeoutMs: Math.min(timeoutMs, 2 ** 31 - 1) }, (tx) => new BatchRun(tx, stretch, this.deps).run());
  }

  private async afterTrouble(stretch: Stretch, error: unknown): Promise<'again' | Exclude<Attempt, { kind: 'handled' }>> {
    switch (troubleOf(error, this.deps.signal)) {
      case 'aborted':
        return { kind: 'aborted' };
      case 'lock_conflict':
        return this.again(stretch, 'lock_conflict', { error, backoff: this.conflicts++ });
      case 'connection':
        return this.afterLostConnection(stretch, error);
      case 'call':
        this.noteFailure(error);
        return this.again(stretch, 'handler_failed', { error, backoff: null });
      case 'unnamed':
        if (isTransient(error) && this.furtherRuns++ < 3) return this.again(stretch, 'unnamed_failure', { error, backoff: this.furtherRuns });
        this.deps.metrics.rerun(stretch.topic, 'unnamed_failure');
        return { kind: 'unnamed', error };
    }
  }

  /** The server answers a probe: the connection was at fault, or the batch is what breaks connections. */
  private async afterLostConnection(stretch: Stretch, error: unknown): Promise<'again' | Stop> {
    const answer = await this.probe();
    if (answer !== null) return { kind: 'pause', reason: `The database cannot be reached: ${answer}`, retryAfterMs: pauseMs };
    if (++this.connectionsLost > connectionsToTry) {
      if (!(error instanceof CallFailed)) return { kind: 'pause', reason: `The database lost ${this.connectionsLost} connections: ${textOf(error)}`, retryAfterMs: pauseMs };
      this.noteFailure(error);
      this.connectionsLost = 0;
    }
    return this.again(stretch, 'connection_lost', { error, backoff: this.connectionsLost });
  }

  private async probe(): Promise<string | null> {
    try {
      await this.deps.database.query('SELECT 1');
      return null;
    } catch (error) {
      return textOf(error);
    }
  }

  private noteFailure(error: unknown): void {
    if (error instanceof CallFailed) this.deps.failures.note(error.subscription, error.items, error.error);
  }

  private async again(stretch: Stretch, reason: RerunReason, { error, backoff }: { error: unknown; backoff: number | null }): Promise<'again'> {
    const { logger, metrics, signal } = this.deps;
    metrics.rerun(stretch.topic, reason);
    logger.warn(`A batch of ${stretch.topic} runs again: ${textOf(error)}`, {
      topic: stretch.topic, partition: stretch.partition, from: stretch.from, reason, error,
    });
    if (backoff !== null) {
      const ms = Math.min(10 * 2 ** backoff, 1_000) * (0.5 + Math.random() / 2);
      // An abort ends the pause; the next attempt then ends the batch.
      await sleep(ms, undefined, { signal }).catch(() => undefined);
    }
    return 'again';
  }

  /** Halves until one event and one handler are left, which then must be the cause. */
  private async divide(stretch: Stretch, error: unknown): Promise<Stop | null> {
    const { items, subscriptions } = stretch;
    const half = items.length >> 1;
    const [first, middle, one] = [items[0], items[half], subscriptions[0]];
    if (first === undefined || middle === undefined || one === undefined) return this.giveUp(stretch, error);
    if (items.length > 1) {
      const cut = middle.record.offset;
      return this.settleEach([
        { ...stretch, next: cut, items: items.slice(0, half) },
        { ...stretch, from: cut, items: items.slice(half) },
      ]);
    }
    if (subscriptions.length > 1) return this.settleEach(subscriptions.map((each) => ({ ...stretch, subscriptions: [each] })));
    const canBeAtFault = first.event !== null && first.subscriptions.includes(one) && this.deps.failures.parked(one, first) === null;
    if (!canBeAtFault) return this.giveUp(stretch, error);
    this.deps.failures.park(one, first, error);
    return this.settle(stretch);
  }

  private async settleEach(parts: readonly Stretch[]): Promise<Stop | null> {
    for (const part of parts) {
      const stop = await this.settle(part);
      if (stop !== null) return stop;
    }
    return null;
  }

  /** No handler can be at fault: our own statements fail, a table is missing or the disk is full. */
  private giveUp(stretch: Stretch, error: unknown): Stop {
    this.deps.logger.error(`A batch of ${stretch.topic} cannot be stored: ${textOf(error)}`, {
      topic: stretch.topic, partition: stretch.partition, from: stretch.from, error,
    });
    return { kind: 'pause', reason: `The database refuses the batch: ${textOf(error)}`, retryAfterMs: pauseMs };
  }
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
