import { describe, expect, it } from '@jest/globals';
import { concernsOf, progressOf, type Standing } from './area.js';

const fine: Standing = { values: [], trends: [], score: null, shift: null };

describe('S-10: progress in an overview', () => {
  it.each([
    [50, 200, 25],
    [1, 3, 33.33],
    [300, 200, 100],
    [5, null, 0],
    [5, 0, 0],
    [-5, 10, 0],
  ])('%p of %p is %p %%', (value, target, progress) => {
    expect(progressOf({ value, target })).toBe(progress);
  });
});

describe('D-8: what needs attention', () => {
  it('is nothing when nothing is known', () => {
    expect(concernsOf('health', fine)).toEqual([]);
  });

  it('is a value under 60 % of its target; one without a target is not', () => {
    const stat = (subcategory: string, value: number, target: number | null) => ({ subcategory, value, target });
    const values = [stat('physical', 59.99, 100), stat('food_nutrients', 60, 100), stat('other', 1, null), stat('mental_emotional', 0, 0)];
    expect(concernsOf('health', { ...fine, values })).toEqual([{ subject: 'physical', reason: 'below_target' }]);
  });

  it('is what falls, once however many windows say so', () => {
    const trend = (trend_type: string, stat_name: string) => ({ trend_type, stat_name });
    const trends = [trend('decreasing', 'health.physical'), trend('decreasing', 'health.physical'), trend('increasing', 'health.other')];
    expect(concernsOf('health', { ...fine, trends })).toEqual([{ subject: 'physical', reason: 'decreasing' }]);
  });

  it.each([
    [0.59, 1],
    [0.6, 0],
  ])('AN-4: a score of %p gives %p concerns', (score, concerns) => {
    expect(concernsOf('wealth', { ...fine, score })).toHaveLength(concerns);
  });

  it.each([
    ['decline', [{ subject: 'wealth', reason: 'declining' }]],
    ['imbalance', [{ subject: 'wealth', reason: 'imbalance' }]],
    ['improvement', []],
  ])('AN-3: a shift of type %s', (shift_type, concerns) => {
    expect(concernsOf('wealth', { ...fine, shift: { shift_type, severity: 'low' } })).toEqual(concerns);
  });
});
