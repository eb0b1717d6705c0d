import type { Credentials } from '../integration/credential-vault.js';
import type { RawPoint } from '../points/check-points.js';

/** What a fetch is about. Nothing of it may be kept, logged or told. */
export interface FetchRequest {
  readonly service: string;
  readonly credentials: Credentials;
  /** What the last page said, null the first time. */
  readonly cursor: string | null;
  /** When the person connected. */
  readonly connectedAt: Date;
  readonly now: Date;
  /** Failures in a row before this try. */
  readonly failures: number;
  /** Aborted when the time is over or the service stops: hand it on to every outside call. */
  readonly signal: AbortSignal;
}

export interface FetchedPage {
  /** At most `pageSize`; readings may come again, each is taken once. */
  readonly points: readonly RawPoint[];
  /** Where the next fetch begins; kept only together with the points. */
  readonly cursor: string | null;
  /** Whether another page waits behind the cursor. */
  readonly more: boolean;
}

/** Most readings in one page. */
export const pageSize = 1_000;

/** A service that is asked for readings. One adapter serves all persons: it keeps no state. */
export interface Source {
  /** Whether the credentials work (I-2). @throws SourceFailure */
  test(request: FetchRequest): Promise<void>;
  /** Readings after the cursor. @throws SourceFailure; whatever else it throws counts as API_ERROR. */
  fetch(request: FetchRequest): Promise<FetchedPage>;
}

export const failureCodes = ['API_ERROR', 'AUTH_ERROR', 'TIMEOUT', 'VALIDATION_ERROR'] as const;
export type FailureCode = (typeof failureCodes)[number];

/** Why a source brought nothing. The message is for the person and is published: no credentials, no addresses with tokens in them. */
export class SourceFailure extends Error {
  readonly retryable = false;

  constructor(
    readonly code: FailureCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'SourceFailure';
  }
}

/** Any error of an adapter as one that can be told; the text of a foreign error may hold anything and is not. */
export function failureOf(error: unknown, credentials: Credentials): SourceFailure {
  if (!(error instanceof SourceFailure)) return new SourceFailure('API_ERROR', 'The service could not be read.', { cause: error });
  const message = withoutSecrets(error.message, credentials).slice(0, 500) || 'The service could not be read.';
  return new SourceFailure(error.code, message);
}

const shortestSecret = 4;

/** A second net: adapters should not, and if one does, no credential leaves by a message. */
export function withoutSecrets(message: string, credentials: unknown): string {
  return secretsIn(credentials)
    .sort((a, b) => b.length - a.length)
    .reduce((text, secret) => text.replaceAll(secret, '***'), message);
}

function secretsIn(value: unknown): string[] {
  if (typeof value === 'string') return value.length >= shortestSecret ? [value] : [];
  if (typeof value === 'number') return String(value).length >= shortestSecret ? [String(value)] : [];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(secretsIn) : [];
}
