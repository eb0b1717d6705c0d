import type { EventType } from '@lifeos/contracts';
import type { EventEnvelope, NewEvent } from '@lifeos/events';
import { derivedEventId } from '@lifeos/events';
import type { Transaction } from '@lifeos/postgres';
import { ContextClosed } from './errors.js';
import type { HandlerContext } from './handler.js';
import type { DeliveryLog, EventAppender } from './ports.js';
import type { Subscription } from './subscriptions.js';

export interface RaisingContextOptions {
  readonly tx: Transaction;
  readonly log: EventAppender;
  readonly logger: DeliveryLog;
  readonly isReplay: boolean;
}

/** The context of one call of a handler. */
export class RaisingContext implements HandlerContext {
  readonly handler: string;
  readonly isReplay: boolean;
  readonly tx: Transaction;
  private readonly log: EventAppender;
  private readonly logger: DeliveryLog;
  private readonly ordinals = new Map<string, number>();
  private readonly time = new AbortController();
  private isClosed = false;

  constructor(
    private readonly subscription: Subscription,
    { tx, log, logger, isReplay }: RaisingContextOptions,
  ) {
    [this.tx, this.log, this.logger, this.isReplay] = [tx, log, logger, isReplay];
    this.handler = subscription.handler.name;
  }

  get signal(): AbortSignal {
    return this.time.signal;
  }

  raise<P extends object, I extends object>(
    type: EventType<P, I>,
    input: I,
    { cause, fact, timestamp }: { cause: EventEnvelope; fact?: string; timestamp?: Date },
  ): string {
    if (this.isClosed) throw new ContextClosed(this.handler);
    const payload = type.build(input);
    const key = userIdOf(payload) ?? cause.key;
    const eventId = derivedEventId({
      context: type.context,
      eventName: type.name,
      userId: key,
      fact: fact ?? this.factOf(cause, type.name),
    });
    const event: NewEvent = {
      eventId,
      type,
      // Of the fact, not of delivery: a rebuilt service must raise the same event again.
      timestamp: timestamp ?? cause.timestamp,
      key,
      correlationId: cause.correlationId ?? cause.eventId,
      causationId: cause.eventId,
      traceparent: cause.traceparent,
      payload,
    };
    this.log.append(this.tx, [event]);
    return eventId;
  }

  afterCommit(effect: () => void | Promise<void>, { replay }: { readonly replay: boolean }): void {
    if (this.isClosed) throw new ContextClosed(this.handler);
    if (this.isReplay && !replay) return;
    const { handler, logger } = this;
    const run = async (): Promise<void> => effect();
    this.tx.afterCommit(() => void run().catch((error: unknown) => logger.error(`What ${handler} does after its commit failed and is not tried again: ${String(error)}`, { handler, error })));
  }

  /** The call is over: whatever the handler still does has no effect. */
  close(): void {
    this.isClosed = true;
  }

  abort(reason: Error): void {
    this.isClosed = true;
    this.time.abort(reason);
  }

  /**
   * The handler is part of it: two handlers that raise the same event for one cause must not take each
   * other's ids, whichever of them runs first or is tried again later.
   */
  private factOf(cause: EventEnvelope, name: string): string {
    const counter = `${cause.eventId} ${name}`;
    const ordinal = this.ordinals.get(counter) ?? 0;
    this.ordinals.set(counter, ordinal + 1);
    return `${cause.eventId}#${this.subscription.id}#${ordinal}`;
  }
}

function userIdOf(payload: object): string | null {
  if (!('user_id' in payload)) return null;
  const { user_id: userId } = payload;
  return typeof userId === 'number' || typeof userId === 'string' ? String(userId) : null;
}
