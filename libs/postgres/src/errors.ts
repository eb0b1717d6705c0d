import { types } from 'node:util';

/** The server rolled a transaction back although nothing was reported to its caller; nothing was written. */
export class TransactionAborted extends Error {
  readonly code = 'TRANSACTION_ABORTED';
  readonly retryable: boolean;

  /** `failure`: the SQL error that doomed the transaction and that its caller swallowed. */
  constructor(readonly failure: Error | null) {
    super(`The transaction was rolled back at COMMIT: ${failure?.message ?? 'no statement reported why'}; do not catch SQL errors inside a transaction, use a savepoint`, { cause: failure ?? undefined });
    this.name = 'TransactionAborted';
    this.retryable = isRetryable(failure);
  }
}

/** A statement came after the transaction had ended: something in it was not awaited. */
export class TransactionClosed extends Error {
  readonly code = 'TRANSACTION_CLOSED';
  readonly retryable = false;

  constructor() {
    super('The transaction is over; await every statement before its callback returns');
    this.name = 'TransactionClosed';
  }
}

/** The connection had a transaction id before the key locks were taken, so its rows would sort too early. */
export class LockedTooLate extends Error {
  readonly code = 'LOCKED_TOO_LATE';
  readonly retryable = true;

  constructor(transactionId: string) {
    super(`Transaction ${transactionId} had written before its key locks were taken; its connection is closed`);
    this.name = 'LockedTooLate';
  }
}

const retryableStates = new Set(['40P01', '40001', '55P03']);
const connectionStates = new Set(['57P01', '57P02', '57P03', '57P05', '53300']);
const connectionCodes = new Set([
  'ECONNREFUSED', 'ECONNRESET', 'ECONNABORTED', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'ENOENT',
]);
/** The driver gives these no code. */
const connectionMessages = [
  /^Connection terminated/,
  /^timeout exceeded when trying to connect/,
  /^Client has encountered a connection error/,
  /^Client was closed/,
  /^Query read timeout/,
  /^The session is closed/,
];

/** Deadlock, serialization failure, lock timeout, a stale plan: the same work may succeed when it runs again. */
export function isRetryable(error: unknown): boolean {
  return someCause(error, (known) => (known.code !== undefined && retryableStates.has(known.code)) || tellsStalePlan(known));
}

/** A migration changed what a prepared statement returns; its next run is prepared anew. */
export function isStalePlan(error: unknown): boolean {
  return someCause(error, tellsStalePlan);
}

const tellsStalePlan = ({ code, message }: Described): boolean => code === '0A000' && message.includes('cached plan must not change result type');

/** The server could not be reached or went away; says nothing about the statement. */
export function isConnectionError(error: unknown): boolean {
  return someCause(error, ({ code, message }) => {
    if (code === undefined) return connectionMessages.some((pattern) => pattern.test(message));
    return connectionCodes.has(code) || connectionStates.has(code) || /^08...$/.test(code);
  });
}

/** The five-character SQLSTATE of an error that the server reported, else null. */
export function sqlState(error: unknown): string | null {
  const code = described(error)?.code;
  return code !== undefined && /^[0-9A-Z]{5}$/.test(code) ? code : null;
}

interface Described {
  readonly code: string | undefined;
  readonly message: string;
  readonly causes: readonly unknown[];
}

function someCause(error: unknown, test: (error: Described) => boolean, depth = 0): boolean {
  const known = described(error);
  if (known === null || depth > 5) return false;
  return test(known) || known.causes.some((cause) => someCause(cause, test, depth + 1));
}

function described(error: unknown): Described | null {
  if (!isError(error)) return null;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined;
  const causes = 'errors' in error && Array.isArray(error.errors) ? error.errors : [];
  return { code, message: error.message, causes: [...causes, error.cause] };
}

/** Whatever was thrown, as an Error. */
export function toError(thrown: unknown): Error {
  return isError(thrown) ? thrown : new Error(String(thrown));
}

function isError(value: unknown): value is Error {
  // Errors that Node itself makes are of another realm under a test runner, where instanceof fails.
  return types.isNativeError(value) || value instanceof Error;
}
