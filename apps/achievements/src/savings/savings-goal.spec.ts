import { describe, expect, it } from '@jest/globals';
import { isReached, proposedTarget } from './savings-goal.js';

describe('A-13: a savings goal', () => {
  it.each<[number, number | null, boolean]>([
    [999.9999, 1000, false], [1000, 1000, true], [1000.0001, 1000, true], [5, null, false], [5, 0, false], [5, -1, false],
  ])('%d of %p is reached: %p', (value, target, reached) => {
    expect(isReached({ value, target })).toBe(reached);
  });
});

describe('A-13: the next goal', () => {
  it.each<[number | null, number | null, number | null]>([
    [1000, null, null],
    [1000, 1000, 1500],
    [null, 1000, 1500],
    [1499.99, 1000, 1500],
    [1500, 1000, null],
    [2000, 1000, null],
    [0.3333, 0.3333, 0.5],
  ])('with target %p after %p was reached is %p', (target, reachedTarget, proposed) => {
    expect(proposedTarget({ value: 1, target, reachedTarget })).toBe(proposed);
  });
});
