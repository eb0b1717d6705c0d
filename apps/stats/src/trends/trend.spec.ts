import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type DailyValue, daysAfter, fitLine, within } from './trend.js';

const lastDay = '2026-03-03';
const values = (...list: (number | null)[]): DailyValue[] =>
  list.flatMap((value, index) => (value === null ? [] : [{ day: daysAfter(lastDay, index + 1 - list.length), value }]));

describe('S-14: a straight line through daily values', () => {
  it('needs five points', () => {
    expect(fitLine(values(1, 2, 3, 4), 7)).toBeNull();
    expect(fitLine(values(1, 2, 3, 4, 5), 7)).toMatchObject({ trend_type: 'increasing' });
  });

  it('leaves gaps out, and goes over the end of a month', () => {
    const fit = fitLine(values(10, null, 12, 13, null, 15, 16), 7);
    expect(fit?.slope).toBeCloseTo(1, 10);
    expect(fit?.change).toBeCloseTo(6, 10);
    expect(fit?.confidence_score).toBeCloseTo(1, 10);
  });

  it.each([
    ['rises by 5 % of its mean', values(97.5, 98.3333333, 99.1666667, 100, 100.8333333, 101.6666667, 102.5), 'increasing'],
    ['rises by less', values(97.51, 98.34, 99.17, 100, 100.83, 101.66, 102.49), 'stable'],
    ['falls', values(10, 9, 8, 7, 6, 5, 4), 'decreasing'],
    ['falls below 0', values(-1, -2, -3, -4, -5, -6, -7), 'decreasing'],
    ['has the mean 0', values(-2, -1, 0, 1, 2), 'increasing'],
    ['is flat', values(0.1, 0.1, 0.1, 0.1, 0.1, 0.1), 'stable'],
    ['jumps about, and goes nowhere', values(1, 9, 2, 9, 2, 9, 1), 'stable'],
    ['rises, but jumps about', values(1, 9, 2, 9, 3, 9, 4, 12), null],
  ])('%s: %#', (_what, list, trend) => {
    expect(fitLine(list, 7)?.trend_type).toBe(trend);
  });

  it('has no confidence when all points are equal', () => {
    expect(fitLine(values(5, 5, 5, 5, 5), 7)).toEqual({ trend_type: 'stable', slope: 0, change: 0, confidence_score: null });
  });

  // Points at x = -2 … 2 with y = x + e × (1, -2, 0, 2, -1): the disturbance is at right angles to the line, so R² = 10 / (10 + 10 e²).
  it.each([
    [0.5999, null],
    [0.6, 'increasing'],
    [0.6001, 'increasing'],
  ])('R² of %d makes it %s', (confidence, trend) => {
    const e = Math.sqrt(1 / confidence - 1);
    const fit = fitLine(values(...[1, -2, 0, 2, -1].map((off, index) => 10 + (index - 2) + e * off)), 7);
    expect(fit?.confidence_score).toBeCloseTo(confidence, 8);
    expect(fit?.trend_type).toBe(trend);
  });

  it('keeps R² between 0 and 1, and turns with the values', () => {
    const list = fc.array(fc.integer({ min: -1000, max: 1000 }), { minLength: 5, maxLength: 30 });
    fc.assert(
      fc.property(list, (xs) => {
        const [up, down] = [fitLine(values(...xs), 30), fitLine(values(...xs.map((x) => 0 - x)), 30)];
        const confidence = up?.confidence_score ?? 0;
        expect(confidence >= 0 && confidence <= 1).toBe(true);
        expect(down?.change).toBeCloseTo(0 - (up?.change ?? 0), 6);
      }),
    );
  });
});

it('a window ends with its last day', () => {
  const list = values(1, 2, 3, 4, 5, 6, 7, 8);
  expect(within(list, lastDay, 7).map(({ value }) => value)).toEqual([2, 3, 4, 5, 6, 7, 8]);
  expect(within(list, '2026-03-02', 7).map(({ value }) => value)).toEqual([1, 2, 3, 4, 5, 6, 7]);
});
