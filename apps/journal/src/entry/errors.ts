export class EntryNotFound extends Error {
  readonly code = 'entry_not_found';
  readonly kind = 'not_found';
  readonly retryable = false;

  constructor(entryId: number) {
    super(`There is no entry ${entryId}.`);
    this.name = 'EntryNotFound';
  }
}

/** The tier allows no further entry this month; nothing happened. */
export class TooManyEntries extends Error {
  readonly code = 'too_many_entries';
  readonly kind = 'forbidden';
  readonly retryable = false;

  constructor(allowed: number) {
    super(`The free tier allows ${allowed} entries in a calendar month.`);
    this.name = 'TooManyEntries';
  }
}
