import type { BatchItem } from './batch-item.js';
import { BatchFailure } from './errors.js';
import type { Failure } from './failure.js';
import { failureOf, isTransient } from './failure.js';
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
  private readonly parkedBy = new Map<Subscription, Map<number, Failure>>();
  private readonly cutsOf = new Map<Subscription, Set<number>>();
  private readonly triesOf = new Map<string, Tries>();

  constructor(private readonly now: () => Date) {}

  get isEmpty(): boolean {
    return this.triesOf.size === 0;
  }

  parked(subscription: Subscription, item: BatchItem): Failure | null {
    return this.parkedBy.get(subscription)?.get(item.record.offset) ?? null;
  }

  /** A call with these items failed. Each note brings the batch nearer to its end: a try less, a smaller call, an event parked. */
  note(subscription: Subscription, items: readonly BatchItem[], error: unknown): void {
    const named = namedBy(error, items);
    for (const [item, cause] of named) this.park(subscription, item, cause);
    if (named.size > 0) return;
    const tries = this.countCall(subscription, items);
    if (isTransient(error) && tries.calls <= furtherCalls) return;
    const [first] = items;
    const middle = items[items.length >> 1];
    if (first === undefined || middle === undefined) return;
    if (items.length === 1) this.keep(subscription, first, failureOf(error, tries.calls, { first: tries.first, last: this.now() }));
    else this.cut(subscription, middle);
  }

  /** Parks it without asking whether another call may help. */
  park(subscription: Subscription, item: BatchItem, error: unknown): void {
    const tries = this.countCall(subscription, [item]);
    this.keep(subscription, item, failureOf(error, tries.calls, { first: tries.first, last: this.now() }));
  }

  /** The calls that a batch handler gets: what is not parked, in order, split where it failed before. */
  calls(subscription: Subscription, items: readonly BatchItem[]): BatchItem[][] {
    const cuts = this.cutsOf.get(subscription);
    const calls: BatchItem[][] = [];
    let current: BatchItem[] = [];
    for (const item of items) {
      if (cuts?.has(item.record.offset) === true && current.length > 0) {
        calls.push(current);
        current = [];
      }
      if (this.parked(subscription, item) === null) current.push(item);
    }
    if (current.length > 0) calls.push(current);
    return calls;
  }

  private keep(subscription: Subscription, item: BatchItem, failure: Failure): void {
    const parked = this.parkedBy.get(subscription) ?? new Map<number, Failure>();
    this.parkedBy.set(subscription, parked.set(item.record.offset, failure));
  }

  private cut(subscription: Subscription, before: BatchItem): void {
    const cuts = this.cutsOf.get(subscription) ?? new Set<number>();
    this.cutsOf.set(subscription, cuts.add(before.record.offset));
  }

  private countCall(subscription: Subscription, items: readonly BatchItem[]): Tries {
    const call = `${subscription.id} ${items.map(({ record }) => record.offset).join()}`;
    const tries = this.triesOf.get(call) ?? { calls: 0, first: this.now() };
    this.triesOf.set(call, tries);
    tries.calls++;
    return tries;
  }
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
