import { isTransient, type Failure } from './failure.js';

/** When a handler's parked events are tried again (P-16). Whatever is left out has the default. */
export interface RetryPolicy {
  /** Tries after the event was parked; then it is exhausted and waits for a person. Default 3; 0: it waits at once. */
  readonly retries?: number;
  /** From the failure to the first retry, ms. Default 60 000. */
  readonly firstDelayMs?: number;
  /** Each delay is so many times the one before. Default 2. */
  readonly factor?: number;
  /** No delay is longer, ms. Default 3 600 000. */
  readonly maxDelayMs?: number;
  /** Up to this part of a delay is added at random, so that a burst of failures does not come back as one. Default 0.2. */
  readonly jitter?: number;
  /** Errors after which the handler is called again at once, up to 3 times, before the event is parked. Default: those that say `retryable: true`. */
  readonly isTransient?: (error: unknown) => boolean;
  /** Errors that no retry can help: exhausted at once. Default none. */
  readonly isFinal?: (error: unknown) => boolean;
}

export type FullRetryPolicy = Required<RetryPolicy>;

export const defaultRetryPolicy: FullRetryPolicy = {
  retries: 3,
  firstDelayMs: 60_000,
  factor: 2,
  maxDelayMs: 3_600_000,
  jitter: 0.2,
  isTransient,
  isFinal: () => false,
};

const limits: readonly [keyof RetryPolicy, (value: number) => boolean, string][] = [
  ['retries', (value) => Number.isInteger(value) && value >= 0, 'a whole number, 0 or above'],
  ['firstDelayMs', (value) => value > 0, 'above 0'],
  ['factor', (value) => value >= 1, 'at least 1'],
  ['maxDelayMs', (value) => value > 0, 'above 0'],
  ['jitter', (value) => value >= 0 && value <= 1, 'between 0 and 1'],
];

/** Every fault of a policy, in words; none for one that can be used. */
export function retryPolicyFaults(policy: RetryPolicy): string[] {
  return limits.flatMap(([name, holds, limit]) => {
    const value = policy[name];
    return value === undefined || (typeof value === 'number' && holds(value)) ? [] : [`retry.${name} is ${String(value)}; it must be ${limit}`];
  });
}

/** ms until the next try of an event that was tried `retries` times since it was parked. */
export function delayMs({ firstDelayMs, factor, maxDelayMs, jitter }: FullRetryPolicy, retries: number, random: () => number = Math.random): number {
  return Math.min(firstDelayMs * factor ** retries, maxDelayMs) * (1 + random() * jitter);
}

/** What becomes of a letter after a failure. */
export interface Schedule {
  /** Null: no time helps; a person must, or a newer service. */
  readonly nextAttemptAt: Date | null;
  readonly isExhausted: boolean;
  readonly maxRetries: number;
}

/** `retries`: made so far; `maxRetries`: the letter's own limit. */
export function scheduleOf(failure: Failure, policy: FullRetryPolicy, at: { retries: number; maxRetries: number; now: Date }): Schedule {
  const { retries, maxRetries, now } = at;
  // A version that this build does not know is not helped by time, and asks nothing of a person: a newer service takes it.
  if (failure.reason === 'unsupported_version') return { nextAttemptAt: null, isExhausted: false, maxRetries };
  if (failure.isFinal || retries >= maxRetries) return { nextAttemptAt: null, isExhausted: true, maxRetries };
  return { nextAttemptAt: new Date(now.getTime() + delayMs(policy, retries)), isExhausted: false, maxRetries };
}
