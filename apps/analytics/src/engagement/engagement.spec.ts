import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type Doings, engagementScore, risksOf } from './engagement.js';

const none: Doings = { days: 30, activeDays: 0, activeInLast7: 0, activeIn7Before: 0, activeAreas: 0, activeHabits: 0, brokenStreaks: 0, failedSyncs: 0 };
const doing = (doings: Partial<Doings>): Doings => ({ ...none, ...doings });

describe('AN-7: engagement', () => {
  it.each([
    [none, 0],
    [doing({ activeDays: 15 }), 0.25],
    [doing({ activeDays: 30, activeAreas: 3, activeHabits: 3 }), 1],
    [doing({ activeAreas: 1 }), 0.1],
    [doing({ activeAreas: 4 }), 0.3],
    [doing({ activeHabits: 1 }), 0.0667],
    [doing({ activeHabits: 9 }), 0.2],
  ])('%j scores %d', (doings, score) => {
    expect(engagementScore(doings)).toBe(score);
  });

  it('is within 0 … 1', () => {
    const count = fc.nat(400);
    fc.assert(
      fc.property(count, count, count, (activeDays, activeAreas, activeHabits) => {
        const score = engagementScore(doing({ activeDays, activeAreas, activeHabits }));
        expect(score >= 0 && score <= 1).toBe(true);
      }),
    );
  });

  const busy = { activeDays: 30, activeAreas: 3, activeHabits: 3, activeInLast7: 7, activeIn7Before: 7 };
  it.each([
    ['a score of 0.3', doing({ activeAreas: 3 }), []],
    ['a score under 0.3', doing({ activeAreas: 2, activeDays: 5 }), ['low_activity']],
    ['one broken streak', doing({ ...busy, brokenStreaks: 1 }), []],
    ['two broken streaks', doing({ ...busy, brokenStreaks: 2 }), ['streak_loss']],
    ['half of the 7 days before', doing({ ...busy, activeInLast7: 3, activeIn7Before: 6 }), []],
    ['under half of the 7 days before', doing({ ...busy, activeInLast7: 3, activeIn7Before: 7 }), ['falling_activity']],
    ['two failed syncs', doing({ ...busy, failedSyncs: 2 }), []],
    ['three failed syncs', doing({ ...busy, failedSyncs: 3 }), ['sync_problems']],
    ['all at once', doing({ activeIn7Before: 1, brokenStreaks: 2, failedSyncs: 3 }), ['low_activity', 'streak_loss', 'falling_activity', 'sync_problems']],
  ])('%s', (_case, doings, risks) => {
    expect(risksOf(doings)).toEqual(risks);
  });
});
