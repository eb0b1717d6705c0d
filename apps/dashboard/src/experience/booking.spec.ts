import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { bookAwards, newlyPassed } from './booking.js';
import { largestTotal, levelOf } from './level.js';

const award = (userId: number, amount: number) => ({ userId, amount });

describe('booking experience', () => {
  it('D-2: given nothing, when 100 XP are awarded, then the total is 100', () => {
    expect(bookAwards(new Map(), [award(1, 100)])).toEqual([{ award: award(1, 100), total: 100, levelPassed: null }]);
  });

  it('D-4, E-4: given 950 XP, when 50 are awarded, then level 2 is reached with 1000', () => {
    const [booking] = bookAwards(new Map([[1, 950]]), [award(1, 50)]);
    expect(booking?.levelPassed).toEqual({ previous_level: 1, new_level: 2, total_experience: 1_000 });
  });

  it('D-4, E-4: several thresholds at once are one level-up, from the first to the last level', () => {
    const [booking] = bookAwards(new Map([[1, 900]]), [award(1, 3_100)]);
    expect(booking?.levelPassed).toEqual({ previous_level: 1, new_level: 5, total_experience: 4_000 });
  });

  it('D-2: two awards of one user in one batch build on each other, beside those of another', () => {
    const bookings = bookAwards(new Map([[1, 900]]), [award(1, 90), award(2, 1_000), award(1, 90)]);
    expect(bookings.map(({ total, levelPassed }) => [total, levelPassed?.new_level ?? null])).toEqual([
      [990, null],
      [1_000, 2],
      [1_080, 2],
    ]);
  });

  it('D-2: the total stops at the cap, and passes no level there', () => {
    const bookings = bookAwards(new Map([[1, largestTotal - 1]]), [award(1, 500), award(1, 1_000)]);
    expect(bookings.map(({ total, levelPassed }) => [total, levelPassed])).toEqual([
      [largestTotal, null],
      [largestTotal, null],
    ]);
  });

  it('D-2, D-4: however awards are cut into batches, totals and reached levels are the same', () => {
    const awards = fc.array(fc.record({ userId: fc.integer({ min: 1, max: 3 }), amount: fc.integer({ min: 1, max: 5_000 }) }), { maxLength: 40 });
    fc.assert(
      fc.property(awards, fc.nat(40), (all, cut) => {
        const once = bookAwards(new Map(), all);
        const first = bookAwards(new Map(), all.slice(0, cut));
        const totals = new Map(first.map(({ award: { userId }, total }) => [userId, total]));
        expect([...first, ...bookAwards(totals, all.slice(cut))]).toEqual(once);
        for (const { total, levelPassed } of once) if (levelPassed) expect(levelPassed.new_level).toBe(levelOf(total));
      }),
    );
  });
});

describe('F-10: levels that an earlier life told', () => {
  const passed = { previous_level: 2, new_level: 4, total_experience: 3_100 };

  it.each([
    [1, passed],
    [2, passed],
    [3, { ...passed, previous_level: 3 }],
    [4, null],
    [5, null],
  ])('given up to %i were told, what is new of 2 to 4 is %j', (told, expected) => {
    expect(newlyPassed(passed, told)).toEqual(expected);
  });

  it('nothing passed is nothing new', () => {
    expect(newlyPassed(null, 1)).toBeNull();
  });
});
