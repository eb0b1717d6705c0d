import type { EventEnvelope } from '@lifeos/events';
import type { Transaction } from '@lifeos/postgres';
import type { ConsentsBehind } from '../errors.js';

/** An event whose type names a consent purpose, on its way to handlers. */
export interface SensitiveEvent {
  readonly event: EventEnvelope;
  /** Null when its payload names nobody. */
  readonly userId: number | null;
  /** Revision of the person's consents that the producer knew; null when it did not say. */
  readonly consentRevision: number | null;
}

/** Why an event is given to no handler. */
export type Refusal = 'no_consent' | 'user_id_missing';

/** An error: it cannot be known yet, so the event is parked and judged again. */
export type Verdict = 'allowed' | Refusal | ConsentsBehind;

/** What became of a sensitive event. */
export interface JudgedEvent {
  readonly sensitive: SensitiveEvent;
  /** Null: a handler took it. */
  readonly refusal: Refusal | null;
}

/**
 * Decides which sensitive events a service's handlers may be given (V-6). It is not asked about batches
 * that hold none, so these pay nothing for it.
 */
export interface ConsentGate {
  /** Before the transaction: why the events cannot be judged yet (V-8); null when they can. Must come to an end. */
  waitBefore(events: readonly SensitiveEvent[]): Promise<{ readonly reason: string; readonly retryAfterMs: number } | null>;
  /** Under the locks of the events' keys; answers in the order of the events. */
  judge(tx: Transaction, events: readonly SensitiveEvent[]): Promise<readonly Verdict[]>;
  /** Keeps what became of them, in the transaction in which it did (V-7). */
  record(tx: Transaction, judged: readonly JudgedEvent[]): Promise<void>;
}
