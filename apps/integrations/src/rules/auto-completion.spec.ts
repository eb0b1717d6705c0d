import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { isMet, metRule, operators, type Rule } from './auto-completion.js';

const rule = (operator: string, threshold: number, over: Partial<Rule> = {}): Rule => ({ source: 'todoist', metric: 'task.completed', operator, threshold, ...over });
const met = (operator: string, sum: number, threshold: number): boolean => isMet(rule(operator, threshold), { sum, points: 1 });

describe('Q-14: an auto-completion rule', () => {
  it.each([
    ['>=', [false, true, true]], ['>', [false, false, true]], ['==', [false, true, false]], ['<=', [true, true, false]], ['<', [true, false, false]],
  ] as const)('%s of 4, 5, 6 against 5: %j', (operator, expected) => {
    expect([4, 5, 6].map((sum) => met(operator, sum, 5))).toEqual(expected);
  });

  it.each([[0.1 + 0.2, 0.3], [0.1 + 0.7, 0.8], [1e15 + 0.3, 1e15 + 0.3], [-0.1 - 0.2, -0.3], [0, 0]])('takes %d for %d', (sum, threshold) => {
    expect(['>=', '>', '==', '<=', '<'].map((operator) => met(operator, sum, threshold))).toEqual([true, false, true, true, false]);
  });

  it.each([[0.3001, 0.3], [1.00001, 1], [1e6 + 0.01, 1e6]])('tells %d from %d', (sum, threshold) => {
    expect(met('==', sum, threshold)).toBe(false);
    expect(met('>', sum, threshold)).toBe(true);
  });

  it('is not met while nothing was measured, and never by an unknown operator', () => {
    expect(operators.map((operator) => isMet(rule(operator, 0), { sum: 0, points: 0 }))).toEqual([false, false, false, false, false]);
    expect([met('!=', 1, 2), met('constructor', 1, 2)]).toEqual([false, false]);
  });

  it('is one of the three: below, equal, above', () => {
    fc.assert(fc.property(fc.double({ noNaN: true }), fc.double({ noNaN: true }), (sum, threshold) => {
      expect(['<', '==', '>'].filter((operator) => met(operator, sum, threshold))).toHaveLength(1);
      expect(met('>=', sum, threshold)).toBe(!met('<', sum, threshold));
      expect(met('<=', sum, threshold)).toBe(!met('>', sum, threshold));
    }));
  });
});

describe('I-11: the rules of a quest', () => {
  const measured = (metric: string) => ({ sum: metric === 'task.completed' ? 5 : 1, points: 1 });

  it('need one that is met, whichever it is', () => {
    const rules = [rule('>=', 6), rule('>=', 5), rule('>=', 1)];
    expect(metRule(rules, 'todoist', measured)).toEqual({ rule: rules[1], sum: 5 });
    expect(metRule(rules.slice(0, 1), 'todoist', measured)).toBeNull();
    expect(metRule([], 'todoist', measured)).toBeNull();
  });

  it('are those of the source that was read', () => {
    expect(metRule([rule('>=', 5)], 'strava', measured)).toBeNull();
    expect(metRule([rule('>=', 5, { source: 'Todoist' })], 'todoist', measured)).not.toBeNull();
  });
});
