import type { VersionGap } from '@lifeos/contracts';

abstract class DeliveryError extends Error {
  abstract readonly code: string;
  readonly retryable: boolean = false;

  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
  }
}

/** One event that a batch handler could not take, and why. */
export interface FailedEvent {
  readonly eventId: string;
  readonly error: unknown;
}

/**
 * Thrown by a batch handler that knows which of its events failed. Nothing that it wrote in this call
 * stays; it is called again without them, and each of them is parked under its own error.
 */
export class BatchFailure extends DeliveryError {
  readonly code = 'BATCH_FAILURE';

  constructor(readonly failures: readonly FailedEvent[]) {
    super(`${failures.length} events of the batch failed: ${failures.slice(0, 5).map(({ eventId }) => eventId).join(', ')}`);
  }
}

/** A handler was not done in its time. Its transaction is gone, whatever it still does. */
export class HandlerTimeout extends DeliveryError {
  readonly code = 'HANDLER_TIMEOUT';

  constructor(readonly handler: string, readonly timeoutMs: number) {
    super(`Handler ${handler} was not done after ${timeoutMs} ms and lost its transaction; make it faster or raise its timeout`);
  }
}

/** A handler caught an SQL error and went on; nothing that it wrote could have been committed. */
export class SwallowedSqlError extends DeliveryError {
  readonly code = 'SWALLOWED_SQL_ERROR';

  constructor(readonly handler: string, failure: Error) {
    super(`Handler ${handler} swallowed an SQL error (${failure.message}); let it out, or use tx.savepoint around what may fail`, { cause: failure });
  }
}

/** Something reached for a handler's context after the handler had returned: a promise was not awaited. */
export class ContextClosed extends DeliveryError {
  readonly code = 'CONTEXT_CLOSED';

  constructor(readonly handler: string) {
    super(`Handler ${handler} has returned and can raise no more events; await what it starts`);
  }
}

/** The event has a major version that this service was not compiled with. */
export class UnsupportedVersion extends DeliveryError {
  readonly code = 'UNSUPPORTED_VERSION';

  constructor(readonly type: string, readonly newestMajor: number) {
    super(`${type} is newer than this service knows (major ${newestMajor}); it is taken when a service that knows it starts`);
  }
}

/** The record cannot be told to be an event: a header is missing, wrong, or they are too many or too large. */
export class UnreadableHeaders extends DeliveryError {
  readonly code = 'UNREADABLE_HEADERS';

  constructor(readonly fault: string) {
    super(`The record does not say which event it is: ${fault}`);
  }
}

/** The record has no key by which it could be ordered and locked. */
export class UnusableKey extends DeliveryError {
  readonly code = 'UNUSABLE_KEY';

  constructor(readonly fault: string) {
    super(`The record's key cannot be used: it ${fault}; events are keyed by the user's id`);
  }
}

/** Two handlers would share positions and dead letters: found when the service starts. */
export class HandlerNameTaken extends DeliveryError {
  readonly code = 'HANDLER_NAME_TAKEN';

  constructor(readonly handler: string) {
    super(`Two handlers are called ${handler} (aliases count); positions and dead letters are kept by that name, so give one another`);
  }
}

/** Handlers say that they take versions which this build could never give them: found when the service starts. */
export class VersionGapsInRange extends DeliveryError {
  readonly code = 'VERSION_GAPS_IN_RANGE';

  constructor(readonly gaps: readonly (VersionGap & { readonly handler: string })[]) {
    super(gaps.map(({ handler, recordName, version, reason }) => `The range of handler ${handler} holds ${recordName} ${version}, which it cannot be given: ${reason}`).join('\n'));
  }
}

/** The producer knew more of the person's consents than this service could learn; without that nobody can say whether the event may be handled (V-8). */
export class ConsentsBehind extends DeliveryError {
  readonly code = 'CONSENTS_BEHIND';
  override readonly retryable = true;

  constructor(type: string, readonly userId: number, reason: string) {
    super(`${type} waits: ${reason}, so it is not known what user ${userId} allows`);
  }
}
