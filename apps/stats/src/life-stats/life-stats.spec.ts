import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { asDecimal, enter, largestValue, type LifeStat, lifeStatName, lifeStatNames, progressOf, type Reading, takeIn } from './life-stats.js';

const at = (hour: number): Date => new Date(Date.UTC(2026, 10, 21, hour));
const stat = (over: Partial<LifeStat> = {}): LifeStat => ({ value: 10, target: null, unit: '', source: 'manual', updatedAt: at(8), setAt: at(8), ...over });
const reading = (how: Reading['how'], value: number, hour: number): Reading => ({ how, value, unit: 'h', recordedAt: at(hour) });

describe('S-8: the catalog', () => {
  it('has twelve stats in three areas; other names are refused', () => {
    expect(lifeStatNames).toHaveLength(12);
    expect(lifeStatName('wealth', 'work_company')).toBe('wealth.work_company');
    expect(lifeStatName('health', 'work_company')).toBeNull();
    expect(lifeStatName('fame', 'other')).toBeNull();
  });
});

describe('S-10: progress', () => {
  it.each([
    [50, null, { progress: 0, reached: false, distance: null }],
    [50, 0, { progress: 0, reached: true, distance: 0 }],
    [50, 200, { progress: 25, reached: false, distance: 150 }],
    [199.9999, 200, { progress: 100, reached: false, distance: 0.0001 }],
    [200, 200, { progress: 100, reached: true, distance: 0 }],
    [300, 200, { progress: 100, reached: true, distance: 0 }],
    [1, 3, { progress: 33.33, reached: false, distance: 2 }],
    [2, 3, { progress: 66.67, reached: false, distance: 1 }],
    [0.3, 0.4, { progress: 75, reached: false, distance: 0.1 }],
    [-50, 200, { progress: -25, reached: false, distance: 250 }],
  ])('%d of %d', (value, target, expected) => {
    expect(progressOf({ value, target })).toEqual(expected);
  });
});

describe('S-9: an entry by hand', () => {
  it('keeps target and unit that it does not name', () => {
    expect(enter(stat({ target: 5, unit: 'kg', source: 'integration' }), { value: 3 }, at(9))).toEqual({
      value: 3, target: 5, unit: 'kg', source: 'manual', updatedAt: at(9), setAt: at(9),
    });
    expect(enter(stat({ target: 5, unit: 'kg' }), { value: 3, target: null, unit: '' }, at(9))).toMatchObject({ target: null, unit: '' });
    expect(enter(null, { value: 3 }, at(9))).toMatchObject({ target: null, unit: '' });
  });
});

describe('S-15: readings', () => {
  it('are added, or replace the value', () => {
    expect(takeIn(stat({ target: 7 }), reading('add', 2.5, 9))).toEqual({ value: 12.5, target: 7, unit: 'h', source: 'integration', updatedAt: at(9), setAt: at(8) });
    expect(takeIn(stat(), reading('add', -2.5, 7))).toMatchObject({ value: 7.5, updatedAt: at(8) });
    expect(takeIn(stat(), reading('set', 2.5, 9))).toMatchObject({ value: 2.5, setAt: at(9) });
    expect(takeIn(null, reading('add', 2.5, 9))).toMatchObject({ value: 2.5, setAt: null });
  });

  it('an older one does not replace a newer value', () => {
    expect(takeIn(stat(), reading('set', 2.5, 7))).toBeNull();
    expect(takeIn(stat(), reading('set', 2.5, 8))).toMatchObject({ value: 2.5 });
  });

  it('sums stay whole ten-thousandths within what events hold', () => {
    expect(takeIn(stat({ value: 0.1 }), reading('add', 0.2, 9))?.value).toBe(0.3);
    expect(asDecimal(1.00005)).toBe(1.0001);
    expect(asDecimal(1e12)).toBe(largestValue);
    expect(asDecimal(-1e12)).toBe(-largestValue);
    expect(Object.is(asDecimal(-0.00001), 0)).toBe(true);
  });

  it('give the same value in any order', () => {
    const readings = (how: Reading['how']) =>
      fc.uniqueArray(fc.record({ hour: fc.integer({ min: 0, max: 500 }), value: fc.integer({ min: 0, max: 1440 }) }), { minLength: 1, maxLength: 12, selector: ({ hour }) => hour })
        .map((list) => list.map(({ hour, value }) => reading(how, value, hour)));
    const all = (list: readonly Reading[]) => list.reduce<LifeStat | null>((before, each) => takeIn(before, each) ?? before, null);
    fc.assert(fc.property(fc.oneof(readings('add'), readings('set')), (list) => expect(all(list.toReversed())).toEqual(all(list))));
  });
});
