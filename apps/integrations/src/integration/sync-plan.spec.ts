import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { closedCircuit } from './circuit-breaker.js';
import { frequencies, nextRegularSync, planAfterFailure, waitBeforeRetry } from './sync-plan.js';

const noon = new Date('2026-11-21T12:00:00Z');
const plus = (seconds: number): Date => new Date(noon.getTime() + seconds * 1000);

describe('I-9: waits before retries', () => {
  it.each([[0, 60], [1, 120], [2, 240], [3, 480], [4, 960], [5, 1920], [6, 3600], [7, 3600], [1000, 3600]])('retry %d waits %d s', (retry, seconds) => {
    expect(waitBeforeRetry(retry)).toBe(seconds * 1000);
  });

  it('are five; then the regular time comes again', () => {
    const regular = plus(86_400);
    expect(planAfterFailure(0, regular, closedCircuit, noon)).toEqual({ retries: 1, next_sync_at: plus(60) });
    expect(planAfterFailure(4, regular, closedCircuit, noon)).toEqual({ retries: 5, next_sync_at: plus(960) });
    expect(planAfterFailure(5, regular, closedCircuit, noon)).toEqual({ retries: 0, next_sync_at: regular });
  });

  it('are not spent while the circuit is open', () => {
    const open = { failures: 5, circuit_opened_at: noon };
    expect(planAfterFailure(0, plus(86_400), open, noon).next_sync_at).toEqual(plus(300));
    expect(planAfterFailure(5, plus(10), open, noon).next_sync_at).toEqual(plus(300));
  });
});

describe('I-3: the regular time', () => {
  it.each([['hourly', 3600], ['daily', 86_400], ['weekly', 604_800]] as const)('%s is every %d s', (frequency, seconds) => {
    expect(nextRegularSync(noon, frequency, noon)).toEqual(plus(seconds));
    expect(nextRegularSync(noon, frequency, plus(seconds - 1))).toEqual(plus(seconds));
    expect(nextRegularSync(noon, frequency, plus(seconds))).toEqual(plus(2 * seconds));
  });

  it('is one after any downtime, within one period', () => {
    fc.assert(fc.property(fc.constantFrom(...frequencies), fc.integer({ min: 0, max: 1e9 }), (frequency, seconds) => {
      const next = nextRegularSync(noon, frequency, plus(seconds)).getTime();
      const period = nextRegularSync(noon, frequency, noon).getTime() - noon.getTime();
      expect(next).toBeGreaterThan(plus(seconds).getTime());
      expect(next - plus(seconds).getTime()).toBeLessThanOrEqual(period);
      expect((next - noon.getTime()) % period).toBe(0);
    }));
  });
});
