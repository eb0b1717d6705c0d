/** One thing wrong with a request. `field` is a path such as `rules.0.metric`. */
export interface Fault {
  readonly field: string;
  readonly message: string;
}

/**
 * What a refusal of the domain looks like. Domain errors state their kind, which is no HTTP number;
 * the edge maps it. They need not import this: the shape is enough.
 */
export interface Refusal extends Error {
  /** Stable, snake_case; the `error` of the answer. */
  readonly code: string;
  readonly kind: RefusalKind;
  readonly details?: unknown;
}

export type RefusalKind = 'invalid' | 'unauthenticated' | 'forbidden' | 'not_found' | 'conflict' | 'throttled' | 'unavailable';

/** Base of the refusals that the HTTP edge itself speaks. */
export class Problem extends Error implements Refusal {
  constructor(
    readonly code: string,
    readonly kind: RefusalKind,
    message: string,
    readonly details?: unknown,
  ) {
    super(message);
    this.name = new.target.name;
  }
}

export class Invalid extends Problem {
  constructor(message: string, faults: readonly Fault[] = []) {
    super('invalid', 'invalid', message, faults.length > 0 ? faults : undefined);
  }
}

export class Unauthenticated extends Problem {
  constructor(message: string) {
    super('unauthenticated', 'unauthenticated', message);
  }
}

export class Forbidden extends Problem {
  constructor(message: string) {
    super('forbidden', 'forbidden', message);
  }
}

export class NotFound extends Problem {
  constructor(message: string) {
    super('not_found', 'not_found', message);
  }
}

export class Conflict extends Problem {
  constructor(message: string) {
    super('conflict', 'conflict', message);
  }
}

export const statusOfKind: Readonly<Record<RefusalKind, number>> = {
  invalid: 400,
  unauthenticated: 401,
  forbidden: 403,
  not_found: 404,
  conflict: 409,
  throttled: 429,
  unavailable: 503,
};

export function isRefusal(error: unknown): error is Refusal {
  if (!(error instanceof Error) || !('kind' in error) || !('code' in error)) return false;
  return typeof error.code === 'string' && typeof error.kind === 'string' && Object.hasOwn(statusOfKind, error.kind);
}
