import { describe, expect, it } from '@jest/globals';
import { median, percentile, ratios, spread } from './statistics.js';

describe('figures of repetitions', () => {
  it('takes the middle value whatever the order, and the mean of two', () => {
    expect(median([9, 1, 5])).toBe(5);
    expect(median([10, 2])).toBe(6);
  });

  it('sorts by number, not by text', () => {
    expect(spread([1000, 999, 20])).toEqual({ min: 20, median: 999, max: 1000 });
  });

  it('takes percentiles by nearest rank', () => {
    const hundred = Array.from({ length: 100 }, (_, index) => 100 - index);
    expect(percentile(hundred, 0.5)).toBe(50);
    expect(percentile(hundred, 0.99)).toBe(99);
    expect(percentile([7], 0.99)).toBe(7);
  });

  it('divides each repetition by its own reference', () => {
    expect(ratios([10, 40], [5, 10])).toEqual([2, 4]);
  });
});
