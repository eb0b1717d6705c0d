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

/** Every fault of a policy, in words; none for one that can be used. */
export function retryPolicyFaults({ retries = 0, firstDelayMs = 1, factor = 1, maxDelayMs = 1, jitter = 0 }: RetryPolicy): string[] {
  const faults: string[] = [];
  if (!Number.isInteger(retries) || retries < 0) faults.push(`retry.retries is ${retries}; it must be a whole number, 0 or above`);
  if (!(firstDelayMs > 0)) faults.push(`retry.firstDelayMs is ${firstDelayMs}; it must be above 0`);
  if (!(factor >= 1)) faults.push(`retry.factor is ${factor}; it must be at least 1`);
  if (!(maxDelayMs > 0)) faults.push(`retry.maxDelayMs is ${maxDelayMs}; it must be above 0`);
  if (!(jitter >= 0 && jitter <= 1)) faults.push(`retry.jitter is ${jitter}; it must be between 0 and 1`);
  return faults;
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
