import type { Database } from '@lifeos/postgres';
import { setTimeout as sleep } from 'node:timers/promises';
import type { BatchOutcome } from './batch.js';
import { isTransient } from './failure.js';
import type { Failures } from './failures.js';
import { CallFailed } from './handler-call.js';
import type { DeliveryLog, DeliveryMetrics, RerunReason } from './ports.js';
import { troubleOf } from './trouble.js';

export type Pause = Extract<BatchOutcome, { kind: 'pause' }> & { readonly retryAfterMs: number };

/** What is to be done after a transaction that failed: the same again, or why not. */
export type AfterTrouble = 'again' | { readonly kind: 'aborted' } | Pause | { readonly kind: 'unnamed'; readonly error: unknown };

export interface RerunsDeps {
  readonly database: Database;
  readonly failures: Failures;
  readonly signal: AbortSignal;
  readonly logger: DeliveryLog;
  readonly metrics: DeliveryMetrics;
}

/** Where the work belongs, for metrics and the log. */
export interface Where {
  readonly topic: string;
  readonly [field: string]: unknown;
}

const pauseMs = 1_000;
/** A connection may break under a batch for reasons of its own; a batch that breaks each one is at fault. */
const connectionsToTry = 5;

/** Decides after a failed transaction, and remembers how often it has decided so. */
export class Reruns {
  private conflicts = 0;
  private connectionsLost = 0;
  private furtherRuns = 0;

  constructor(private readonly deps: RerunsDeps) {}

  /** A transaction was committed. */
  reset(): void {
    [this.conflicts, this.connectionsLost, this.furtherRuns] = [0, 0, 0];
  }

  async after(where: Where, error: unknown): Promise<AfterTrouble> {
    switch (troubleOf(error, this.deps.signal)) {
      case 'aborted':
        return { kind: 'aborted' };
      case 'lock_conflict':
        return this.again(where, 'lock_conflict', { error, backoff: this.conflicts++ });
      case 'connection':
        return this.afterLostConnection(where, error);
      case 'call':
        this.noteFailure(error);
        return this.again(where, 'handler_failed', { error, backoff: null });
      case 'unnamed':
        if (isTransient(error) && this.furtherRuns++ < 3) return this.again(where, 'unnamed_failure', { error, backoff: this.furtherRuns });
        this.deps.metrics.rerun(where.topic, 'unnamed_failure');
        return { kind: 'unnamed', error };
    }
  }

  /** No handler can be at fault: our own statements fail, a table is missing or the disk is full. */
  giveUp(where: Where, error: unknown): Pause {
    this.deps.logger.error(`A batch of ${where.topic} cannot be stored: ${textOf(error)}`, { ...where, error });
    return { kind: 'pause', reason: `The database refuses the batch: ${textOf(error)}`, retryAfterMs: pauseMs };
  }

  /** The server answers a probe: the connection was at fault, or the batch is what breaks connections. */
  private async afterLostConnection(where: Where, error: unknown): Promise<AfterTrouble> {
    const answer = await this.probe();
    if (answer !== null) return { kind: 'pause', reason: `The database cannot be reached: ${answer}`, retryAfterMs: pauseMs };
    if (++this.connectionsLost > connectionsToTry) {
      if (!(error instanceof CallFailed)) return { kind: 'pause', reason: `The database lost ${this.connectionsLost} connections: ${textOf(error)}`, retryAfterMs: pauseMs };
      this.noteFailure(error);
      this.connectionsLost = 0;
    }
    return this.again(where, 'connection_lost', { error, backoff: this.connectionsLost });
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

  private async again(where: Where, reason: RerunReason, { error, backoff }: { error: unknown; backoff: number | null }): Promise<'again'> {
    const { logger, metrics, signal } = this.deps;
    metrics.rerun(where.topic, reason);
    logger.warn(`A batch of ${where.topic} runs again: ${textOf(error)}`, { ...where, reason, error });
    if (backoff !== null) {
      const ms = Math.min(10 * 2 ** backoff, 1_000) * (0.5 + Math.random() / 2);
      // An abort ends the pause; the next attempt then ends the batch.
      await sleep(ms, undefined, { signal }).catch(() => undefined);
    }
    return 'again';
  }
}

export function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
