import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { hasMoved, type LifeStat, neutralScores, overallBalance, sameScores, type Scores, scoresOf } from './balance.js';

const stat = (area: string, value: number, target: number | null): LifeStat => ({ area, value, target });
const scores = (health: number, wealth: number, relationships: number): Scores => ({ health, wealth, relationships });

describe('AN-1: the score of an area', () => {
  it('is the mean progress of its life stats with a target; 0.5 without any', () => {
    expect(scoresOf([])).toEqual(neutralScores);
    expect(scoresOf([stat('health', 8, 10), stat('health', 3, 10), stat('health', 1, null), stat('wealth', 100, null)])).toEqual(scores(0.55, 0.5, 0.5));
  });

  it.each([
    [-5, 10, 0],
    [0, 10, 0],
    [9.999, 10, 0.9999],
    [10, 10, 1],
    [10.01, 10, 1],
    [1, 3, 0.3333],
    [5, 0, 0],
  ])('%d of %d is %d', (value, target, score) => {
    expect(scoresOf([stat('wealth', value, target)])).toEqual(scores(0.5, score, 0.5));
  });

  it('leaves out areas that this build does not know', () => {
    expect(scoresOf([stat('spirit', 1, 10)])).toEqual(neutralScores);
  });

  it('is within 0 … 1, in whatever order the stats come', () => {
    const stats = fc.array(
      fc.record({ area: fc.constantFrom('health', 'wealth', 'relationships'), value: fc.double({ noNaN: true, min: -1e9, max: 1e9 }), target: fc.option(fc.double({ noNaN: true, min: 0, max: 1e9 })) }),
      { maxLength: 12 },
    );
    fc.assert(
      fc.property(stats, (all) => {
        const found = scoresOf(all);
        for (const score of [...Object.values(found), overallBalance(found)]) expect(score >= 0 && score <= 1).toBe(true);
        expect(sameScores(scoresOf(all.toSorted((one, other) => one.area.localeCompare(other.area))), found)).toBe(true);
      }),
    );
  });
});

describe('AN-2: the overall balance', () => {
  it('is the mean of the three, four places', () => {
    expect(overallBalance(scores(0.8, 0.6, 0.7))).toBe(0.7);
    expect(overallBalance(scores(1, 0.5, 0.5))).toBe(0.6667);
  });

  it.each([
    [0.5099, false],
    [0.51, true],
    [0.5101, true],
    [0.4901, false],
    [0.49, true],
  ])('has moved from 0.5 to %d: %s', (health, moved) => {
    expect(hasMoved(scores(0.5, 0.2, 0.2), scores(health, 0.2, 0.2))).toBe(moved);
    expect(hasMoved(null, scores(health, 0.5, 0.5))).toBe(moved);
  });
});
