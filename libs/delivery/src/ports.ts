import type { NewEvent } from '@lifeos/events';
import type { Transaction } from '@lifeos/postgres';

/** Where events go that handlers raise: the service's event log. */
export interface EventAppender {
  /** Kept with the transaction and written by it just before COMMIT. @throws when the event's key is not locked by it. */
  append(tx: Transaction, events: readonly NewEvent[]): void;
}

export interface DeliveryLog {
  info(message: string, fields: Readonly<Record<string, unknown>>): void;
  warn(message: string, fields: Readonly<Record<string, unknown>>): void;
  error(message: string, fields: Readonly<Record<string, unknown>>): void;
}

/** Why a record went to no handler, or not to one of them. */
export type SkipReason = 'unhandled_type' | 'version_out_of_range' | 'before_start' | 'tombstone' | 'duplicate' | 'consent';

/** Why a batch ran again although no handler was at fault. */
export type RerunReason = 'lock_conflict' | 'connection_lost' | 'handler_failed' | 'unnamed_failure';

/** What a retry came to: it took effect, it failed, or nobody takes that version any more. */
export type RetryOutcome = 'handled' | 'failed' | 'left_out';

/** One call of a handler whose transaction was committed. */
export interface HandledCall {
  readonly handler: string;
  readonly topic: string;
  readonly events: number;
  readonly processingMs: number;
  /** From the time of the call's oldest fact to the end of the call. */
  readonly criticalMs: number;
}

/** Told only of what is committed, except for reruns. */
export interface DeliveryMetrics {
  skipped(topic: string, reason: SkipReason, records: number): void;
  handled(call: HandledCall): void;
  parked(handler: string, reason: string): void;
  rerun(topic: string, reason: RerunReason): void;
  /** A letter was parked, or tried for the last time, and now waits for a person. */
  exhausted?(handler: string, reason: string): void;
  /** A parked event was tried again. */
  retried?(handler: string, outcome: RetryOutcome): void;
}

export const silentLog: DeliveryLog = { info: () => undefined, warn: () => undefined, error: () => undefined };
export const noMetrics: DeliveryMetrics = {
  skipped: () => undefined,
  handled: () => undefined,
  parked: () => undefined,
  rerun: () => undefined,
};
