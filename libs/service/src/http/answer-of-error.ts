import { HttpException } from '@nestjs/common';
import { ConcurrencyError } from '@lifeos/event-log';
import { isConnectionError, isRetryable } from '@lifeos/postgres';
import { isRefusal, statusOfKind } from './problems.js';

/** The one form of an error towards clients. */
export interface ErrorBody {
  readonly error: string;
  readonly message: string;
  readonly details?: unknown;
}

export interface ErrorAnswer {
  readonly status: number;
  readonly body: ErrorBody;
  /** False: nobody foresaw it, so it is logged and the client learns only where to look. */
  readonly expected: boolean;
}

const codeOfStatus: Readonly<Record<number, string>> = {
  400: 'invalid', 401: 'unauthenticated', 403: 'forbidden', 404: 'not_found', 405: 'method_not_allowed', 408: 'timeout',
  409: 'conflict', 413: 'too_large', 414: 'uri_too_long', 415: 'unsupported_media_type', 429: 'throttled', 431: 'headers_too_large', 503: 'unavailable',
};

/** Maps any error to what the client may know of it: never a stack, never a message that nobody wrote for clients. */
export function answerOfError(error: unknown, correlationId: string): ErrorAnswer {
  if (isRefusal(error)) {
    const { code, message, details } = error;
    return expected(statusOfKind[error.kind], { error: code, message, ...(details === undefined ? {} : { details }) });
  }
  const status = clientStatusOf(error);
  if (status) return expected(status, { error: codeOfStatus[status] ?? 'invalid', message: (error as Error).message });
  if (error instanceof ConcurrencyError) return expected(409, { error: 'conflict', message: 'Somebody else changed this at the same time; load it again.' });
  if (isTransient(error)) {
    const message = 'The service cannot do this right now. Nothing was changed; try again.';
    return { status: 503, expected: false, body: { error: 'unavailable', message, details: { correlation_id: correlationId } } };
  }
  const message = 'Something went wrong that nobody foresaw. Nothing was changed.';
  return { status: 500, expected: false, body: { error: 'internal', message, details: { correlation_id: correlationId } } };
}

function expected(status: number, body: ErrorBody): ErrorAnswer {
  return { status, body, expected: true };
}

/** Nest and Fastify say what a client did wrong by a status below 500. */
function clientStatusOf(error: unknown): number | null {
  const status = error instanceof HttpException ? error.getStatus() : statusCodeOf(error);
  return status !== null && status >= 400 && status < 500 ? status : null;
}

function statusCodeOf(error: unknown): number | null {
  const isFastify = error instanceof Error && 'code' in error && String(error.code).startsWith('FST_') && 'statusCode' in error;
  if (isFastify) return Number(error.statusCode);
  return error instanceof SyntaxError && 'statusCode' in error ? Number(error.statusCode) : null;
}

function isTransient(error: unknown): boolean {
  const saysSo = error instanceof Error && 'retryable' in error && error.retryable === true;
  return saysSo || isRetryable(error) || isConnectionError(error);
}
