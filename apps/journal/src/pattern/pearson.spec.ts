import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { daysUpTo } from '../series/days.js';
import { correlate } from './pearson.js';

const days = daysUpTo('2026-11-28', 30);
const values = (list: readonly number[]): Map<string, number> => new Map(list.map((value, index) => [days[index] ?? '', value]));
const r = (xs: readonly number[], ys: readonly number[]): number | null => correlate(values(xs), values(ys))?.r ?? null;

const numbers = fc.array(fc.tuple(fc.integer({ min: -1000, max: 1000 }), fc.integer({ min: -1000, max: 1000 })), { minLength: 2, maxLength: 30 });
const split = (pairs: readonly (readonly [number, number])[]) => [pairs.map(([x]) => x), pairs.map(([, y]) => y)] as const;

describe("J-4: Pearson's r", () => {
  it.each<[number[], number[], number]>([
    [[1, 2, 3], [2, 4, 6], 1],
    [[1, 2, 3], [3, 2, 1], -1],
    [[1, 2, 3, 4, 5], [2, 1, 4, 3, 5], 0.8],
    [[1, 2, 1, 2], [1, 1, 2, 2], 0],
  ])('of %j and %j is %d', (xs, ys, expected) => {
    expect(r(xs, ys)).toBeCloseTo(expected, 9);
  });

  it.each<[number[], number[]]>([[[], []], [[1], [2]], [[0.1, 0.1, 0.1], [1, 2, 3]], [[0, 0], [0, 0]]])('of %j and %j is undefined', (xs, ys) => {
    expect(r(xs, ys)).toBeNull();
  });

  it('counts only days that both have', () => {
    const one = values([1, 2, 3, 4]);
    const other = new Map([[days[1] ?? '', 5], [days[3] ?? '', 9], ['2020-01-01', 100]]);
    expect(correlate(one, other)).toEqual({ r: 1, days: [days[1], days[3]] });
  });

  it('lies between −1 and 1, is symmetric, and does not mind in which order the days come', () => {
    fc.assert(
      fc.property(numbers, (pairs) => {
        const [xs, ys] = split(pairs);
        const found = r(xs, ys);
        expect(r(ys, xs)).toBe(found);
        expect(correlate(new Map([...values(xs)].reverse()), values(ys))?.r ?? null).toBe(found);
        if (found !== null) expect(Math.abs(found)).toBeLessThanOrEqual(1);
      }),
    );
  });

  it('does not mind unit and zero point, and turns with the direction', () => {
    fc.assert(
      fc.property(numbers, fc.integer({ min: 1, max: 1000 }), fc.integer({ min: -1000, max: 1000 }), (pairs, factor, shift) => {
        const [xs, ys] = split(pairs);
        const found = r(xs, ys);
        const moved = xs.map((x) => x * factor + shift);
        if (found === null) return expect(r(moved, ys)).toBeNull();
        expect(r(moved, ys)).toBeCloseTo(found, 8);
        expect(r(xs.map((x) => -x), ys)).toBeCloseTo(-found, 8);
      }),
    );
  });

  it('of a series with itself is 1, however large or small its values', () => {
    const some = fc.array(fc.integer({ min: -100, max: 100 }), { minLength: 2, maxLength: 30 }).filter((list) => new Set(list).size > 1);
    fc.assert(
      fc.property(some, fc.constantFrom(1e-200, 1e-9, 1, 1e200), (list, unit) => {
        expect(r(list.map((value) => value * unit), list)).toBeCloseTo(1, 9);
      }),
    );
  });
});
