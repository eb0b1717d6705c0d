import type { Transaction } from '@lifeos/postgres';
import type { BatchItem } from './batch-item.js';
import type { Failures } from './failures.js';
import { abortReason, CallFailed, callHandler } from './handler-call.js';
import type { DeliveryLog, EventAppender, HandledCall } from './ports.js';
import type { Subscription } from './subscriptions.js';
import { needsNewTransaction } from './trouble.js';

export interface HandlerCallsOptions {
  readonly topic: string;
  readonly log: EventAppender;
  readonly failures: Failures;
  readonly signal: AbortSignal;
  readonly logger: DeliveryLog;
  /** Whether an event is history for a handler; the same for all events of one call. */
  readonly isReplay: (one: Subscription, item: BatchItem) => boolean;
  /** Calls stand under savepoints from the first one on. Default: from the first failure on. */
  readonly expectsFailures?: boolean;
}

/** The calls of handlers within one transaction. */
export class HandlerCalls {
  readonly made: HandledCall[] = [];

  constructor(
    private readonly tx: Transaction,
    private readonly options: HandlerCallsOptions,
  ) {}

  /**
   * Calls the handler until each item is handled or noted as failed. The first failure of a batch ends
   * the run: savepoints would cost every event two round trips for the sake of the few that fail. Runs
   * after it use them, and so find all others in one pass.
   * @throws CallFailed, when the transaction must begin anew.
   */
  async settle(one: Subscription, items: readonly BatchItem[]): Promise<void> {
    const { failures, expectsFailures = false } = this.options;
    if (failures.isEmpty && !expectsFailures) {
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
      if (!(error instanceof CallFailed) || needsNewTransaction(error, this.options.signal)) throw error;
      this.options.failures.note(one, items, error.error);
      return false;
    }
  }

  private async call(one: Subscription, items: readonly BatchItem[]): Promise<void> {
    const { signal, log, logger, topic, isReplay } = this.options;
    if (signal.aborted) throw abortReason(signal);
    const startedAt = performance.now();
    const [first] = items;
    await callHandler(one, items, { tx: this.tx, log, logger, signal, isReplay: first !== undefined && isReplay(one, first) });
    const oldest = items.reduce((time, { event }) => Math.min(time, event?.timestamp.getTime() ?? time), Infinity);
    this.made.push({
      handler: one.handler.name,
      topic,
      events: items.length,
      processingMs: performance.now() - startedAt,
      criticalMs: Date.now() - oldest,
    });
  }
}
