import { isConnectionError, isRetryable } from '@lifeos/postgres';
import { HandlerTimeout } from './errors.js';
import { CallFailed } from './handler-call.js';

/** What stopped a transaction, and so what to do about it. */
export type Trouble =
  /** Told to end. */
  | 'aborted'
  /** Deadlock, serialization, lock timeout: run all of it again, park nothing (P-16). */
  | 'lock_conflict'
  /** The server or the way to it; says nothing about the events. */
  | 'connection'
  /** A handler, and it is known with which events. */
  | 'call'
  /** Something failed at the end of the transaction, and nobody knows whose it is. */
  | 'unnamed';

export function troubleOf(error: unknown, signal: AbortSignal): Trouble {
  if (signal.aborted) return 'aborted';
  if (error instanceof CallFailed) return troubleOfCall(error);
  if (isRetryable(error)) return 'lock_conflict';
  return isConnectionError(error) ? 'connection' : 'unnamed';
}

/** True when the transaction cannot go on after the failed call, even under a savepoint. */
export function needsNewTransaction(error: CallFailed, signal: AbortSignal): boolean {
  return error.error instanceof HandlerTimeout || troubleOf(error, signal) !== 'call';
}

/** Handlers wrap and swallow SQL errors, so the transaction's own word comes first. */
function troubleOfCall({ error, sqlFailure }: CallFailed): Trouble {
  if (error instanceof HandlerTimeout) return 'call';
  if (isRetryable(sqlFailure) || isRetryable(error)) return 'lock_conflict';
  return isConnectionError(sqlFailure) ? 'connection' : 'call';
}
