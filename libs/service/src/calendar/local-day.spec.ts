import { describe, expect, it } from '@jest/globals';
import { isTimeZone, localDay } from './local-day.js';

describe("the day in a person's time zone", () => {
  it.each([
    ['2026-11-21T10:59:59Z', 'Pacific/Auckland', '2026-11-21'],
    ['2026-11-21T11:00:00Z', 'Pacific/Auckland', '2026-11-22'],
    ['2026-01-01T11:59:59Z', 'Etc/GMT+12', '2025-12-31'],
    ['2026-01-01T12:00:00Z', 'Etc/GMT+12', '2026-01-01'],
    // Clocks go forward at 02:00 and back at 03:00: a local day of 23 and of 25 hours.
    ['2026-03-28T22:59:59Z', 'Europe/Berlin', '2026-03-28'],
    ['2026-03-28T23:00:00Z', 'Europe/Berlin', '2026-03-29'],
    ['2026-03-29T21:59:59Z', 'Europe/Berlin', '2026-03-29'],
    ['2026-03-29T22:00:00Z', 'Europe/Berlin', '2026-03-30'],
    ['2026-10-24T22:00:00Z', 'Europe/Berlin', '2026-10-25'],
    ['2026-10-25T22:59:59Z', 'Europe/Berlin', '2026-10-25'],
    ['2026-10-25T23:00:00Z', 'Europe/Berlin', '2026-10-26'],
    ['2028-02-29T00:00:00Z', 'UTC', '2028-02-29'],
  ])('at %s in %s is %s', (instant, zone, day) => {
    expect(localDay(new Date(instant), zone)).toBe(day);
  });

  it.each([['Europe/Berlin', true], ['UTC', true], ['Mars/Olympus', false], ['', false]])('%s is a time zone: %s', (name, known) => {
    expect(isTimeZone(name)).toBe(known);
  });
});
