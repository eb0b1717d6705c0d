import { describe, expect, it } from '@jest/globals';
import { localDay } from '@lifeos/service';
import fc from 'fast-check';
import { daysAfter, daysUpTo, monthOf, quarterOf, startOfDay, weekdayOf } from './days.js';

describe('days', () => {
  it.each([
    ['2028-02-28', 1, '2028-02-29'],
    ['2027-02-28', 1, '2027-03-01'],
    ['2026-12-31', 1, '2027-01-01'],
    ['2026-03-29', -1, '2026-03-28'],
    ['2026-11-28', 0, '2026-11-28'],
  ])('%s and %d days is %s', (day, days, expected) => {
    expect(daysAfter(day, days)).toBe(expected);
  });

  it('come oldest first, the last one included', () => {
    expect(daysUpTo('2028-03-01', 3)).toEqual(['2028-02-28', '2028-02-29', '2028-03-01']);
    expect(weekdayOf('2026-11-29')).toBe(0);
  });
});

describe('J-3: the first instant of a day', () => {
  it.each([
    ['2026-11-28', 'UTC', '2026-11-28T00:00:00.000Z'],
    ['2026-11-28', 'Pacific/Kiritimati', '2026-11-27T10:00:00.000Z'],
    ['2026-11-28', 'Etc/GMT+12', '2026-11-28T12:00:00.000Z'],
    ['2026-11-28', 'Asia/Kathmandu', '2026-11-27T18:15:00.000Z'],
    // The clock changes within the day, and before it.
    ['2026-03-29', 'Europe/Berlin', '2026-03-28T23:00:00.000Z'],
    ['2026-03-30', 'Europe/Berlin', '2026-03-29T22:00:00.000Z'],
    // Midnight itself does not exist: the day begins at one o'clock.
    ['2026-09-06', 'America/Santiago', '2026-09-06T04:00:00.000Z'],
    // A day that Samoa left out: where it would have begun.
    ['2011-12-30', 'Pacific/Apia', '2011-12-30T10:00:00.000Z'],
  ])('%s in %s is %s', (day, zone, instant) => {
    expect(startOfDay(day, zone).toISOString()).toBe(instant);
  });

  it('has the day before right before it', () => {
    const zones = fc.constantFrom('UTC', 'Europe/Berlin', 'America/St_Johns', 'Australia/Lord_Howe', 'Pacific/Chatham', 'America/Sao_Paulo', 'Asia/Tehran');
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 20_000 }), zones, (days, zone) => {
        const day = daysAfter('1990-01-01', days);
        const start = startOfDay(day, zone);
        expect(localDay(start, zone)).toBe(day);
        expect(localDay(new Date(start.getTime() - 1), zone) < day).toBe(true);
        expect(quarterOf(start)).toEqual(start);
      }),
      { numRuns: 60 },
    );
  });
});

describe('J-2: a calendar month', () => {
  it.each([
    ['2026-11-30T23:59:59.999Z', 'UTC', '2026-11-01T00:00:00.000Z', '2026-12-01T00:00:00.000Z'],
    ['2026-12-31T23:30:00.000Z', 'UTC', '2026-12-01T00:00:00.000Z', '2027-01-01T00:00:00.000Z'],
    ['2026-12-31T23:30:00.000Z', 'Europe/Berlin', '2026-12-31T23:00:00.000Z', '2027-01-31T23:00:00.000Z'],
    ['2027-01-01T07:59:00.000Z', 'America/Los_Angeles', '2026-12-01T08:00:00.000Z', '2027-01-01T08:00:00.000Z'],
    ['2028-02-29T12:00:00.000Z', 'UTC', '2028-02-01T00:00:00.000Z', '2028-03-01T00:00:00.000Z'],
    ['2026-03-31T22:30:00.000Z', 'Europe/Berlin', '2026-03-31T22:00:00.000Z', '2026-04-30T22:00:00.000Z'],
  ])('of %s in %s', (at, zone, from, to) => {
    const month = monthOf(new Date(at), zone);
    expect([month.from.toISOString(), month.to.toISOString()]).toEqual([from, to]);
  });
});
