import type { BatchItem } from './batch-item.js';
import { BatchFailure } from './errors.js';
import type { Failure } from './failure.js';
import { failureOf } from './failure.js';
import type { Subscription } from './subscriptions.js';

/** P-16: an error that says it is transient gets this many further calls at once. */
const furtherCalls = 3;

interface Tries {
  calls: number;
  readonly first: Date;
}

/**
 * What a batch has learned of its failures so far, kept while the same records run again: which events
 * are to be parked for which handler, and at which events a batch handler's calls are to be split.
 */
export class Failures {
  private readonly parkedBy = new Map<Subscription, Map<string, Failure>>();
  private readonly cutsOf = new Map<Subscription, Set<string>>();
  private readonly triesOf = new Map<string, Tries>();

  constructor(private readonly now: () => Date) {}

  get isEmpty(): boolean {
    return this.triesOf.size === 0;
  }

  parked(subscription: Subscription, item: BatchItem): Failure | null {
    return this.parkedBy.get(subscription)?.get(placeOf(item)) ?? null;
  }

  /** A call with these items failed. Each note brings the batch nearer to its end: a try less, a smaller call, an event parked. */
  note(subscription: Subscription, items: readonly BatchItem[], error: unknown): void {
    const named = namedBy(error, items);
    for (const [item, cause] of named) this.park(subscription, item, cause);
    if (named.size > 0) return;
    const tries = this.countCall(subscription, items);
    if (subscription.retry.isTransient(error) && tries.calls <= furtherCalls) return;
    const [first] = items;
    const middle = items[items.length >> 1];
    if (first === undefined || middle === undefined) return;
    if (items.length === 1) this.keep(subscription, first, this.failureOf(subscription, error, tries));
    else this.cut(subscription, middle);
  }

  /** Parks it without asking whether another call may help. */
  park(subscription: Subscription, item: BatchItem, error: unknown): void {
    const tries = this.countCall(subscription, [item]);
    this.keep(subscription, item, this.failureOf(subscription, error, tries));
  }

  /** The calls that a handler gets: what is not parked nor waits behind it, in order, split where it failed before. */
  calls(subscription: Subscription, items: readonly BatchItem[]): BatchItem[][] {
    const cuts = this.cutsOf.get(subscription);
    const calls: BatchItem[][] = [];
    const stopped = new Set<string>();
    let current: BatchItem[] = [];
    for (const item of items) {
      if (cuts?.has(placeOf(item)) === true && current.length > 0) {
        calls.push(current);
        current = [];
      }
      if (item.key !== null && stopped.has(item.key)) continue;
      if (this.parked(subscription, item) === null) current.push(item);
      else if (item.key !== null) stopped.add(item.key);
    }
    if (current.length > 0) calls.push(current);
    return calls;
  }

  private failureOf({ retry }: Subscription, error: unknown, { calls, first }: Tries): Failure {
    return failureOf(error, calls, { first, last: this.now(), isFinal: retry.isFinal(error) });
  }

  private keep(subscription: Subscription, item: BatchItem, failure: Failure): void {
    const parked = this.parkedBy.get(subscription) ?? new Map<string, Failure>();
    this.parkedBy.set(subscription, parked.set(placeOf(item), failure));
  }

  private cut(subscription: Subscription, before: BatchItem): void {
    const cuts = this.cutsOf.get(subscription) ?? new Set<string>();
    this.cutsOf.set(subscription, cuts.add(placeOf(before)));
  }

  private countCall(subscription: Subscription, items: readonly BatchItem[]): Tries {
    const call = `${subscription.id} ${items.map(placeOf).join()}`;
    const tries = this.triesOf.get(call) ?? { calls: 0, first: this.now() };
    this.triesOf.set(call, tries);
    tries.calls++;
    return tries;
  }
}

/** Retries bring records of several partitions together. */
function placeOf({ record: { partition, offset } }: BatchItem): string {
  return `${partition}/${offset}`;
}

/** The events that a batch handler names; none when it names nothing, or something that it was not given. */
function namedBy(error: unknown, items: readonly BatchItem[]): ReadonlyMap<BatchItem, unknown> {
  if (!(error instanceof BatchFailure)) return new Map();
  const byId = new Map(items.map((item) => [item.headers?.eventId, item]));
  const named = new Map<BatchItem, unknown>();
  for (const failed of error.failures) {
    const item = byId.get(failed.eventId);
    if (item === undefined) return new Map();
    named.set(item, failed.error);
  }
  return named;
}
