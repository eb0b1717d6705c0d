import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { calendarDate, daysOf } from './calendar-date.js';

describe('days of the calendar', () => {
  it('are read back as what was written, the first time and every later one', () => {
    // More days than are remembered, so that both ways are taken.
    for (let round = 0; round < 2; round++) {
      for (let days = -6_000; days < 6_000; days++) expect(daysOf(calendarDate(days))).toBe(days);
    }
    expect([calendarDate(-1), calendarDate(0), calendarDate(11_016)]).toEqual(['1969-12-31', '1970-01-01', '2000-02-29']);
  });

  it('are refused, also when asked again, when the calendar does not know them', () => {
    const wrong = ['2023-02-29', '2024-13-01', '2024-00-10', '2024-1-1', '24-01-01', '2024-01-01T00:00:00Z', '', 'toString'];
    for (const text of [...wrong, ...wrong]) expect(daysOf(text)).toBeUndefined();
    fc.assert(fc.property(fc.string(), (text) => daysOf(text) === undefined || calendarDate(daysOf(text) ?? NaN) === text));
  });
});
