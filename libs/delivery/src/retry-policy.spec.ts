import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Failure } from './failure.js';
import { defaultRetryPolicy, delayMs, retryPolicyFaults, scheduleOf } from './retry-policy.js';

const now = new Date('2026-11-21T10:00:00Z');
const failure: Failure = { reason: 'handler_error', code: 'X', message: 'x', stack: null, attempts: 1, firstFailedAt: now, lastFailedAt: now, isFinal: false };
const minutes = (retries: number, random: number) => delayMs(defaultRetryPolicy, retries, () => random) / 60_000;

describe('the default retry policy', () => {
  it('P-16: waits 1, 2, then 4 minutes, plus jitter', () => {
    expect([0, 1, 2].map((retries) => minutes(retries, 0))).toEqual([1, 2, 4]);
    expect([0, 1, 2].map((retries) => minutes(retries, 1))).toEqual([1.2, 2.4, 4.8]);
  });

  it('P-16: gives up after 3 retries', () => {
    const at = (retries: number) => scheduleOf(failure, defaultRetryPolicy, { retries, maxRetries: 3, now });
    expect([0, 1, 2].map((retries) => at(retries).isExhausted)).toEqual([false, false, false]);
    expect(at(3)).toEqual({ isExhausted: true, nextAttemptAt: null, maxRetries: 3 });
  });
});

describe('a schedule', () => {
  const of = (more: Partial<Failure>) => scheduleOf({ ...failure, ...more }, defaultRetryPolicy, { retries: 0, maxRetries: 3, now });

  it('gives a final failure no retry', () => {
    expect(of({ isFinal: true })).toMatchObject({ isExhausted: true, nextAttemptAt: null });
  });

  it('lets an unsupported version wait without a time and without a person', () => {
    expect(of({ reason: 'unsupported_version' })).toMatchObject({ isExhausted: false, nextAttemptAt: null });
  });

  it('P-16: is never due at once, and its delays never shrink nor pass the cap', () => {
    const policies = fc.record({
      firstDelayMs: fc.integer({ min: 1, max: 1e6 }), factor: fc.double({ min: 1, max: 10, noNaN: true }), maxDelayMs: fc.integer({ min: 1, max: 1e8 }), jitter: fc.double({ min: 0, max: 1, noNaN: true }),
    });
    fc.assert(
      fc.property(policies, fc.nat(50), fc.double({ min: 0, max: 1, noNaN: true }), (given, retries, random) => {
        const policy = { ...defaultRetryPolicy, ...given };
        const bare = delayMs(policy, retries, () => 0);
        expect(bare).toBeGreaterThan(0);
        expect(bare).toBeLessThanOrEqual(policy.maxDelayMs);
        expect(delayMs(policy, retries + 1, () => 0)).toBeGreaterThanOrEqual(bare);
        expect(delayMs(policy, retries, () => random)).toBeLessThanOrEqual(bare * (1 + policy.jitter));
      }),
    );
  });
});

describe('a retry policy', () => {
  it('names all of its faults at once', () => {
    expect(retryPolicyFaults({})).toEqual([]);
    expect(retryPolicyFaults({ retries: 1.5, firstDelayMs: 0, factor: 0.5, maxDelayMs: Number.NaN, jitter: 2 })).toHaveLength(5);
  });
});
