import type { EventEnvelope } from '@lifeos/events';
import type { Transaction } from '@lifeos/postgres';
import { sqlState } from '@lifeos/postgres';
import type { BatchItem } from './batch-item.js';
import { HandlerTimeout, SwallowedSqlError } from './errors.js';
import type { DeliveryLog, EventAppender } from './ports.js';
import { RaisingContext } from './raising-context.js';
import type { Subscription } from './subscriptions.js';

const inFailedTransaction = '25P02';

/** A handler's call failed; nothing that it wrote stays. */
export class CallFailed extends Error {
  constructor(
    readonly subscription: Subscription,
    readonly items: readonly BatchItem[],
    /** What the handler threw. */
    readonly error: unknown,
    /** The SQL error behind it, also when the handler threw something else or nothing. */
    readonly sqlFailure: Error | null,
  ) {
    super(`Handler ${subscription.handler.name} failed`, { cause: error });
  }
}

export interface CallOptions {
  readonly tx: Transaction;
  readonly log: EventAppender;
  /** Aborts when the batch must end at once. */
  readonly signal: AbortSignal;
  readonly logger: DeliveryLog;
  /** Its events are history. */
  readonly isReplay: boolean;
}

/**
 * Calls a handler once, within its time. When it is late, or the batch must end, it loses the
 * transaction, which cannot be used by anybody any more.
 * @throws CallFailed
 */
export async function callHandler(subscription: Subscription, items: readonly BatchItem[], options: CallOptions): Promise<void> {
  const { tx, signal } = options;
  const context = new RaisingContext(subscription, options);
  const limit = limitOf(subscription, signal, (reason) => {
    context.abort(reason);
    tx.revoke(reason);
  });
  try {
    await Promise.race([invoke(subscription, items, context), limit.reached]);
    if (tx.failure !== null) throw new SwallowedSqlError(subscription.handler.name, tx.failure);
  } catch (error) {
    throw new CallFailed(subscription, items, causeOf(subscription, error, tx.failure), tx.failure);
  } finally {
    limit.clear();
    context.close();
  }
}

/** A statement after a swallowed error fails with an error that tells nothing. */
function causeOf({ handler }: Subscription, error: unknown, failure: Error | null): unknown {
  return failure !== null && failure !== error && sqlState(error) === inFailedTransaction ? new SwallowedSqlError(handler.name, failure) : error;
}

/** An async function, so that a handler that throws before its first await is a rejection too. */
async function invoke(subscription: Subscription, items: readonly BatchItem[], context: RaisingContext): Promise<void> {
  const { handler } = subscription;
  if (handler.fallback !== undefined) return invokeInTurn(subscription, items, context);
  const events: EventEnvelope[] = [];
  for (const { event } of items) if (event !== null) events.push(subscription.given(event));
  await handler.invoke(events, context);
}

/** Stretches for the handler and stretches for its fallback, in the order of the events. */
async function invokeInTurn(subscription: Subscription, items: readonly BatchItem[], context: RaisingContext): Promise<void> {
  const { handler } = subscription;
  const runs: { isFallback: boolean; events: EventEnvelope[] }[] = [];
  for (const { event } of items) {
    if (event === null) continue;
    const isFallback = subscription.fallsBack(event.type, event.version);
    const last = runs.at(-1);
    const given = isFallback ? event : subscription.given(event);
    if (last?.isFallback === isFallback) last.events.push(given);
    else runs.push({ isFallback, events: [given] });
  }
  for (const { isFallback, events } of runs) await (isFallback ? handler.fallback?.(events, context) : handler.invoke(events, context));
}

/** Rejects, after `cutOff`, when the handler's time is over or the batch must end. */
function limitOf({ handler }: Subscription, signal: AbortSignal, cutOff: (reason: Error) => void) {
  let reach: (reason: Error) => void = () => undefined;
  const reached = new Promise<never>((_, reject) => {
    reach = (reason) => {
      cutOff(reason);
      reject(reason);
    };
  });
  const onAbort = () => reach(abortReason(signal));
  const timer = setTimeout(() => reach(new HandlerTimeout(handler.name, handler.timeoutMs)), handler.timeoutMs);
  signal.addEventListener('abort', onAbort, { once: true });
  const clear = () => {
    clearTimeout(timer);
    signal.removeEventListener('abort', onAbort);
  };
  return { reached, clear };
}

export function abortReason(signal: AbortSignal): Error {
  return signal.reason instanceof Error ? signal.reason : new Error('The batch was told to stop');
}
