import { describe, expect, it } from '@jest/globals';
import { dayAfter, dueDays, newestDueDay } from './due-days.js';

describe('the newest day that is due', () => {
  it.each([
    ['2026-11-21T11:59:59.999Z', 12, '2026-11-19'],
    ['2026-11-21T12:00:00.000Z', 12, '2026-11-20'],
    ['2026-11-21T00:00:00.000Z', 0, '2026-11-20'],
    ['2026-11-20T23:59:59.999Z', 0, '2026-11-19'],
    ['2026-01-01T12:00:00.000Z', 12, '2025-12-31'],
    ['2028-03-01T12:00:00.000Z', 12, '2028-02-29'],
    ['2026-03-01T12:00:00.000Z', 12, '2026-02-28'],
  ])('at %s, %i hours after the day, is %s', (now, hours, day) => {
    expect(newestDueDay(new Date(now), hours)).toBe(day);
  });

  it.each([['2028-02-28', '2028-02-29'], ['2026-02-28', '2026-03-01'], ['2026-12-31', '2027-01-01']])('%s is followed by %s', (day, next) => {
    expect(dayAfter(day)).toBe(next);
  });
});

describe('the days to work off', () => {
  it.each([
    ['begin with the newest when the job never ran', { unfinished: null, finished: null }, ['2026-11-20']],
    ['are none when all is done', { unfinished: null, finished: '2026-11-20' }, []],
    ['are all that were missed, oldest first', { unfinished: null, finished: '2026-11-17' }, ['2026-11-18', '2026-11-19', '2026-11-20']],
    ['begin with the one that was interrupted', { unfinished: '2026-11-19', finished: '2026-11-18' }, ['2026-11-19', '2026-11-20']],
    ['are none while the clock stands before what is done', { unfinished: null, finished: '2026-12-24' }, []],
  ])('%s', (_what, progress, days) => {
    expect(dueDays(progress, '2026-11-20')).toEqual(days);
  });
});
