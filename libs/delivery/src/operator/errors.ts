import type { InvalidEvent } from '@lifeos/contracts';

/** What an operator asked for cannot be done. `kind` is what an HTTP edge maps to a status. */
abstract class OperatorRefusal extends Error {
  abstract readonly code: string;
  abstract readonly kind: 'invalid' | 'not_found' | 'conflict';
  readonly retryable = false;

  constructor(message: string, readonly details?: unknown, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
  }
}

export class LetterNotFound extends OperatorRefusal {
  readonly code = 'letter_not_found';
  readonly kind = 'not_found';

  constructor(id: string) {
    super(`There is no dead letter ${id}; it may have succeeded or been skipped meanwhile.`);
  }
}

/** Only the head of a queue can be tried; order would break otherwise. */
export class LetterWaits extends OperatorRefusal {
  readonly code = 'letter_waits';
  readonly kind = 'conflict';

  constructor(id: string, head: string) {
    super(`Dead letter ${id} waits behind ${head} of the same handler, topic and key. Retry, edit or skip that one.`, { head });
  }
}

export class LetterNotEditable extends OperatorRefusal {
  readonly code = 'letter_not_editable';
  readonly kind = 'conflict';

  constructor(id: string, why: string) {
    super(`Dead letter ${id} cannot be edited: ${why}. It can be skipped.`);
  }
}

export class InvalidEdit extends OperatorRefusal {
  readonly code = 'invalid_edit';
  readonly kind = 'invalid';

  static ofEvent(error: InvalidEvent): InvalidEdit {
    return new InvalidEdit(error.message, error.faults, { cause: error });
  }
}

/** A retry of everything must say so. */
export class NothingSelected extends OperatorRefusal {
  readonly code = 'nothing_selected';
  readonly kind = 'invalid';

  constructor() {
    super('Say which dead letters: by id, handler, topic, key, reason, event type or status; or say that you mean all.');
  }
}
