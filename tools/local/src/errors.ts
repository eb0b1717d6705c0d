/** What a person at the terminal has to mend; `code` is stable, the message says what happened and what to do. */
export class LocalError extends Error {
  constructor(
    readonly code:
      | 'CHECKSUM_MISMATCH'
      | 'DOWNLOAD_FAILED'
      | 'JAVA_MISSING'
      | 'POSTGRES_BINARIES_MISSING'
      | 'DATA_OF_OTHER_VERSION'
      | 'DATA_IN_USE'
      | 'PART_FAILED'
      | 'NO_FREE_PORT',
    message: string,
    readonly retryable = false,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'LocalError';
  }
}

export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** For errors of Node itself, such as ENOENT; also for those of another realm, as under Jest. */
export const hasCode = (error: unknown, code: string): boolean =>
  typeof error === 'object' && error !== null && 'code' in error && error.code === code;
