import { UndecodableRecord } from '@lifeos/events';
import { isConnectionError } from '@lifeos/postgres';
import { ConsentsBehind, HandlerTimeout, UnreadableHeaders, UnsupportedVersion, UnusableKey } from './errors.js';

/** P-15, as the database holds them. */
export type DeadLetterReason =
  | 'handler_error'
  | 'timeout'
  | 'validation_error'
  | 'serialization_error'
  | 'infrastructure_error'
  | 'unknown_error'
  | 'unsupported_version';

/** Why an event was parked, cut to what an operator reads. */
export interface Failure {
  readonly reason: DeadLetterReason;
  readonly code: string;
  readonly message: string;
  readonly stack: string | null;
  /** Calls of the handler so far; none when it could not be called. */
  readonly attempts: number;
  readonly firstFailedAt: Date;
  readonly lastFailedAt: Date;
  /** No retry can help: the record itself is at fault, or the handler's policy says so. */
  readonly isFinal: boolean;
}

const maxMessage = 2_048;
const maxStack = 8_192;

/** `attempts` 0: no handler could be called with the record. */
export function failureOf(error: unknown, attempts: number, when: { first: Date; last: Date; isFinal?: boolean }): Failure {
  return {
    reason: attempts === 0 ? reasonOfFault(error) : reasonOfCall(error),
    code: cut(codeOf(error), 128),
    message: cut(error instanceof Error ? error.message : String(error), maxMessage),
    stack: error instanceof Error ? cut(stackOf(error), maxStack) : null,
    attempts,
    firstFailedAt: when.first,
    lastFailedAt: when.last,
    isFinal: when.isFinal ?? (attempts === 0 && isHopeless(error)),
  };
}

/** Faults of the record that stay whatever is deployed or repaired around it. */
function isHopeless(error: unknown): boolean {
  return error instanceof UnreadableHeaders || error instanceof UnusableKey || error instanceof UndecodableRecord;
}

/** Why a record could not be given to any handler. */
function reasonOfFault(error: unknown): DeadLetterReason {
  if (error instanceof UnsupportedVersion) return 'unsupported_version';
  if (error instanceof ConsentsBehind) return 'infrastructure_error';
  return error instanceof UnusableKey ? 'validation_error' : 'serialization_error';
}

function reasonOfCall(error: unknown): DeadLetterReason {
  if (!(error instanceof Error)) return 'unknown_error';
  if (error instanceof HandlerTimeout) return 'timeout';
  if (codeOf(error) === 'INVALID_EVENT') return 'validation_error';
  return isConnectionError(error) ? 'infrastructure_error' : 'handler_error';
}

/** Errors that say of themselves that the next call may succeed (P-16). */
export function isTransient(error: unknown): boolean {
  return error instanceof Error && 'retryable' in error && error.retryable === true;
}

function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return 'NOT_AN_ERROR';
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name;
}

function stackOf(error: Error): string {
  const stack = error.stack ?? String(error);
  return error.cause instanceof Error ? `${stack}\nCaused by: ${error.cause.stack ?? String(error.cause)}` : stack;
}

function cut(text: string, maxBytes: number): string {
  // PostgreSQL takes no NUL in text, and a letter that cannot be written would stop the partition.
  const clean = text.replaceAll('\0', '\uFFFD');
  if (Buffer.byteLength(clean) <= maxBytes) return clean;
  const bytes = Buffer.from(clean).subarray(0, maxBytes);
  return new TextDecoder('utf-8').decode(bytes, { stream: true });
}
