import { pino, stdTimeFunctions, type DestinationStream, type Logger as PinoLogger } from 'pino';
import { currentContext } from '../context/request-context.js';

/** Structured JSON lines: a message with values beside it, never values in the message alone. */
export interface Logger {
  debug(values: object, message: string): void;
  info(values: object, message: string): void;
  warn(values: object, message: string): void;
  error(values: object, message: string): void;
  /** A logger whose every line has `values` too. */
  child(values: Record<string, unknown>): Logger;
}

const secretFields = ['password', '*.password', 'authorization', '*.authorization', 'access_token', '*.access_token'];

/** Writes to stdout, each line with the service's name and, inside a request, its correlation id. */
export function createLogger(service: string, level: string, destination?: DestinationStream): PinoLogger {
  const options = {
    level,
    base: { service },
    timestamp: stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
    redact: { paths: secretFields, censor: '[secret]' },
    mixin: () => correlation(),
    serializers: { err: (error: unknown) => briefly(error), error: (error: unknown) => briefly(error) },
  };
  return destination ? pino(options, destination) : pino(options);
}

function correlation(): object {
  const context = currentContext();
  return context ? { correlation_id: context.correlationId } : {};
}

const deepestCause = 5;

/** Not all that hangs on an error: the database driver hangs its whole connection there, with the key that cancels its statements. */
function briefly(error: unknown, depth = 0): unknown {
  if (!(error instanceof Error)) return error;
  const { message, stack, cause } = error;
  const { code } = error as { code?: unknown };
  return {
    type: error.constructor.name,
    message,
    ...(code !== undefined && { code }),
    ...(stack !== undefined && { stack }),
    ...(cause !== undefined && depth < deepestCause && { cause: briefly(cause, depth + 1) }),
  };
}
