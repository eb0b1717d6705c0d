import type { BatchItem } from './batch-item.js';
import type { DeadLetter } from './dead-letters.js';
import { noHandler } from './dead-letters.js';
import { failureOf, type Failure } from './failure.js';
import type { Failures } from './failures.js';
import type { ParkedQueues } from './parked-queues.js';
import { scheduleOf } from './retry-policy.js';
import type { Subscription } from './subscriptions.js';

export interface RunQueuesOptions {
  /** What was parked before the run. */
  readonly parked: ParkedQueues;
  readonly failures: Failures;
  readonly now: () => Date;
}

/**
 * Keeps each queue (handler and key) in order within a run: once an event of it is parked, by an
 * earlier batch or in this run, all later ones wait behind it.
 */
export class RunQueues {
  readonly letters: DeadLetter[] = [];
  private readonly stopped = new Map<Subscription, Set<string>>();

  constructor(private readonly options: RunQueuesOptions) {}

  /** True when the handler may be called with it now; ask in the order of the events. */
  canRun(one: Subscription, item: BatchItem): boolean {
    return item.event !== null && item.fault === null && !this.isStopped(one, item.key);
  }

  /** What a batch handler may be called with: nothing that waits behind an event which cannot run. */
  runnable(one: Subscription, items: readonly BatchItem[]): BatchItem[] {
    const stopped = new Set<string>();
    return items.filter((item) => {
      if (item.key !== null && stopped.has(item.key)) return false;
      if (this.canRun(one, item)) return true;
      if (item.key !== null) stopped.add(item.key);
      return false;
    });
  }

  /** After its turn, in the order of the events: parks what failed and what must wait. Returns true when it is neither. */
  note(one: Subscription, item: BatchItem): boolean {
    if (this.isStopped(one, item.key)) {
      this.letters.push({ handler: one.id, item, failure: null, schedule: null });
      return false;
    }
    const failure = this.failureOf(one, item);
    if (failure === null) return true;
    const { now } = this.options;
    const schedule = scheduleOf(failure, one.retry, { retries: 0, maxRetries: one.retry.retries, now: now() });
    this.letters.push({ handler: one.id, item, failure, schedule });
    if (item.key !== null) this.stopped.set(one, (this.stopped.get(one) ?? new Set()).add(item.key));
    return false;
  }

  /** A record that does not tell what it is concerns no handler, and stops no queue. */
  noteUnroutable(item: BatchItem): void {
    if (item.fault === null) return;
    const schedule = { nextAttemptAt: null, isExhausted: true, maxRetries: 0 };
    this.letters.push({ handler: noHandler, item: { ...item, key: null }, failure: this.faultOf(item.fault), schedule });
  }

  private failureOf(one: Subscription, item: BatchItem): Failure | null {
    return item.fault === null ? this.options.failures.parked(one, item) : this.faultOf(item.fault);
  }

  private faultOf(fault: Error): Failure {
    const now = this.options.now();
    return failureOf(fault, 0, { first: now, last: now });
  }

  private isStopped(one: Subscription, key: string | null): boolean {
    if (key === null) return false;
    return this.options.parked.get(one.id)?.has(key) === true || this.stopped.get(one)?.has(key) === true;
  }
}
