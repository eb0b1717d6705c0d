import { EventPathError } from '@lifeos/events';

/** A transaction appends an event whose key it did not lock, so the event could be published out of order. */
export class KeyNotLocked extends EventPathError {
  readonly code = 'KEY_NOT_LOCKED';
  readonly retryable = false;

  constructor(readonly key: string, readonly eventName: string) {
    super(`${eventName} cannot be appended: its key "${key}" is not locked; name it in the transaction's keys`);
  }
}

/** The broker would refuse the record for its size, so the transaction that raises it fails instead. */
export class EventTooLarge extends EventPathError {
  readonly code = 'EVENT_TOO_LARGE';
  readonly retryable = false;

  constructor(readonly eventName: string, readonly bytes: number, readonly limit: number) {
    super(`${eventName} takes ${bytes} bytes with its headers, the limit is ${limit} bytes; store large data elsewhere and publish where it is`);
  }
}

/** Somebody else appended to the stream since it was read; nothing was written. */
export class ConcurrencyError extends EventPathError {
  readonly code = 'CONCURRENCY_CONFLICT';
  readonly retryable = true;

  constructor(readonly stream: string, readonly expectedVersion: number, readonly actualVersion: number | null, options?: ErrorOptions) {
    super(`Stream ${stream} is at version ${actualVersion ?? 'unknown'}, not ${expectedVersion}; load it again and decide anew`, options);
  }
}

/** The database moved to another server and the log has not been checked against it; checked now, so try again. */
export class ServerNotAdopted extends EventPathError {
  readonly code = 'SERVER_NOT_ADOPTED';
  readonly retryable = true;

  constructor(options?: ErrorOptions) {
    super('The event log met a database server that it does not know yet; nothing was written, try again', options);
  }
}

/** The topic holds an event under another schema than its headers say, so it cannot be put back as it was. */
export class TopicNotRestorable extends EventPathError {
  readonly code = 'TOPIC_NOT_RESTORABLE';
  readonly retryable = false;

  constructor(readonly place: string, reason: string) {
    super(`The event at ${place} cannot be put back into the log: ${reason}`);
  }
}
