import type { AnyEventType, EventType } from '@lifeos/contracts';
import type { EventEnvelope } from '@lifeos/events';
import type { Transaction } from '@lifeos/postgres';
import type { RetryPolicy } from './retry-policy.js';

/** What a handler may touch: its transaction, and events that it raises in it. */
export interface HandlerContext {
  readonly handler: string;
  readonly tx: Transaction;
  /**
   * True while history is read: what its partition already held when the handler first started there,
   * whether the handler is new, the service is, or it was rebuilt. All events of one call are alike in this.
   */
  readonly isReplay: boolean;
  /**
   * Runs it once the transaction is committed, outside of it: for what only this process can do (wake
   * somebody, send a hint). At most once: a process that dies right after the commit leaves it undone, and
   * an error is logged and not tried again; what must not be lost is an event. `replay: false` holds it back
   * for history, so that nobody gets today the mails of last year.
   */
  afterCommit(effect: () => void | Promise<void>, options: { readonly replay: boolean }): void;
  /**
   * Raises an event as an effect of `cause`: same correlation, causation = the cause's id, key = the
   * payload's user_id. Its id is a UUID v5 of context, event name, user and `fact`, so a rebuilt
   * service raises the same one. `fact` is the fact's own key (an achievement's id, the new level);
   * left out: the causing event's id and an ordinal among events of that name.
   * Returns the event's id.
   */
  raise<P extends object, I extends object>(
    type: EventType<P, I>,
    input: I,
    options: { cause: EventEnvelope; fact?: string; timestamp?: Date },
  ): string;
  /** Aborts when the handler's time is over. */
  readonly signal: AbortSignal;
}

/** A handler as delivery knows it; the transport fills `invoke` in. */
export interface HandlerDefinition {
  /** Persisted in positions and dead letters: a rename needs an alias. */
  readonly name: string;
  /**
   * Former names, oldest first. Positions, dead letters and derived event ids stay under the oldest, so
   * that services before and after a rename agree while both run. They stay for good.
   */
  readonly aliases: readonly string[];
  /** The types it takes; `*` for every domain event that the service knows. */
  readonly types: readonly AnyEventType[] | '*';
  /** Versions it takes, as a semver range; both ends of `{min, max}` are included. */
  readonly versions: string;
  /** Called once a batch with all its events, instead of once an event. */
  readonly batch: boolean;
  /**
   * Where a handler starts that has no position in a partition: at the oldest record, behind the newest one
   * that is there when it starts, or at the first one not older than a time (of the record). Kept with its
   * position from then on, so changing it later changes nothing.
   */
  readonly from: 'beginning' | 'latest' | { readonly timestamp: Date };
  /** ms for one call; afterwards it loses its transaction. */
  readonly timeoutMs: number;
  /** When its parked events are tried again. */
  readonly retry?: RetryPolicy;
  /**
   * Runs it for one event (`batch: false`, an array of one) or a whole batch. Resolves only when the
   * handler's own method completed; anything else, a refusing guard or a swallowed error, rejects.
   */
  invoke(events: readonly EventEnvelope[], context: HandlerContext): Promise<void>;
  /**
   * VR-9: called in the place of `invoke` with events of known versions that it could not be given: outside of its
   * range, or older with no upcaster. They come as they were written. Left out: such events are left out, with
   * a warning. A major that the service does not know is parked in any case.
   */
  fallback?(events: readonly EventEnvelope[], context: HandlerContext): Promise<void>;
}
