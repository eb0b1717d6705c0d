import { describe, expect, it } from '@jest/globals';
import { noonOf, storyDays } from './business-days.js';

const dayMs = 86_400_000;

describe('the days of a story', () => {
  it.each(['2026-03-01T00:00:00.000Z', '2026-11-28T11:59:59.999Z', '2028-03-01T23:59:59.999Z'])('told at %s follow each other at noon, and all lie in the past, the day of looking back too', (at) => {
    const now = new Date(at);
    const days = Array.from({ length: storyDays + 1 }, (_, index) => noonOf(index + 1, now));
    expect(days.every((day, index) => index === 0 || day.getTime() - (days[index - 1]?.getTime() ?? 0) === dayMs)).toBe(true);
    expect(days.every((day) => day.toISOString().endsWith('T12:00:00.000Z'))).toBe(true);
    expect(days.at(-1)?.toISOString().slice(0, 10)).toBe(new Date(now.getTime() - dayMs).toISOString().slice(0, 10));
  });
});
