import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  type CoreStat,
  experienceOfNextPoint,
  gainExperience,
  initialCoreStat,
  pointsGainedWith,
  pointsIn,
  raiseValue,
  setValue,
  statForHabit,
  statForQuest,
  statForSkill,
} from './core-stats.js';

const given = (over: Partial<CoreStat>): CoreStat => ({ ...initialCoreStat, ...over });

describe('the pool of a core stat', () => {
  it('S-1: starts at value 10 without XP', () => {
    expect(initialCoreStat).toEqual({ value: 10, experience: 0, told: 0 });
  });

  it.each([
    [0, 100],
    [1, 110],
    [2, 121],
    [3, 133],
    [4, 146],
    [10, 259],
    [99, 1_252_782],
  ])('S-4: after %i points the next one needs %i XP', (points, experience) => {
    expect(experienceOfNextPoint(points)).toBe(experience);
  });

  it.each([
    [0, 0],
    [99, 0],
    [100, 1],
    [209, 1],
    [210, 2],
    [330, 2],
    [331, 3],
  ])('S-4: %i XP are %i points', (experience, points) => {
    expect(pointsGainedWith(experience)).toBe(points);
  });

  it.each([
    [99, 0, { experience: 99, value: 10 }, null],
    [100, 0, { experience: 100, value: 11 }, { previous: 10, next: 11 }],
    [1, 99, { experience: 100, value: 11 }, { previous: 10, next: 11 }],
    [109, 100, { experience: 209, value: 10 }, null],
    [331, 0, { experience: 331, value: 13 }, { previous: 10, next: 13 }],
  ])('S-3, S-4: %i XP more on %i', (amount, experience, stat, change) => {
    expect(gainExperience(given({ experience }), amount)).toEqual({ stat: { ...stat, told: 0 }, change });
  });

  it.each([
    [99, 100, { previous: 99, next: 100 }],
    [99, 210, { previous: 99, next: 100 }],
    [100, 100, null],
  ])('S-4: a value of %i with %i XP more stops at 100', (value, amount, change) => {
    expect(gainExperience(given({ value }), amount)).toMatchObject({ stat: { value: 100 }, change });
  });

  it('S-4: the order in which XP comes makes no difference', () => {
    const amounts = fc.array(fc.integer({ min: 0, max: 30_000 }), { maxLength: 20 });
    const sum = (xs: number[]): CoreStat => xs.reduce((stat, amount) => gainExperience(stat, amount).stat, initialCoreStat);
    fc.assert(fc.property(amounts, (xs) => expect(sum(xs.toReversed())).toEqual(sum(xs))));
  });
});

describe('the pool of a rebuilt service', () => {
  it.each([
    [2, 100, null],
    [2, 210, null],
    [2, 331, { previous: 40, next: 41 }],
  ])('holds %i told points: %i XP that come again change %j', (told, amount, change) => {
    expect(gainExperience(given({ value: 40, told }), amount)).toMatchObject({ change, stat: { told, experience: amount } });
  });

  it('ends at the same value in any order, never lost or doubled', () => {
    const amounts = fc.array(fc.integer({ min: 1, max: 3000 }), { minLength: 1, maxLength: 15 });
    fc.assert(
      fc.property(amounts, fc.nat(), (xs, cut) => {
        const lived = xs.reduce((stat, amount) => gainExperience(stat, amount).stat, initialCoreStat);
        const told = pointsIn(lived);
        const turned = [...xs.slice(cut % xs.length), ...xs.slice(0, cut % xs.length)].toReversed();
        const rebuilt = turned.reduce((stat, amount) => gainExperience(stat, amount).stat, { ...initialCoreStat, value: lived.value, told });
        expect(rebuilt).toEqual({ ...lived, told });
      }),
    );
  });
});

describe('S-15: points beside the pool', () => {
  it.each([
    [10, 3, { previous: 10, next: 13 }],
    [98, 3, { previous: 98, next: 100 }],
    [100, 1, null],
  ])('%i and %i more', (value, points, change) => {
    expect(raiseValue(given({ value, experience: 5 }), points)).toMatchObject({ change, stat: { experience: 5 } });
  });
});

describe('a value set by hand', () => {
  it('R-2: keeps the pool', () => {
    expect(setValue(given({ experience: 90 }), 40)).toEqual({
      stat: { value: 40, experience: 90, told: 0 },
      change: { previous: 10, next: 40 },
    });
  });

  it('S-3: an equal value is no change', () => {
    expect(setValue(given({ value: 40 }), 40).change).toBeNull();
  });
});

describe('S-5: where XP goes', () => {
  it.each([
    ['life_goal', 'wisdom'],
    ['annual_goal', 'wisdom'],
    ['main', 'intelligence'],
    ['side', 'charisma'],
    ['weekly', 'endurance'],
    ['daily', 'agility'],
    ['a_type_of_tomorrow', null],
  ])('quest %s → %s', (questType, stat) => {
    expect(statForQuest(questType)).toBe(stat);
  });

  it('habit → endurance', () => {
    expect(statForHabit).toBe('endurance');
  });

  it.each([
    ['health', 'strength'],
    ['wealth', 'intelligence'],
    ['social', 'charisma'],
    ['', null],
  ])('skill category "%s" → %s', (category, stat) => {
    expect(statForSkill(category)).toBe(stat);
  });
});
