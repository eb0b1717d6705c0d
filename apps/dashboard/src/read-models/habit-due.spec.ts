import { describe, expect, it } from '@jest/globals';
import { isDue } from './habit-due.js';

describe('D-7, H-4: a habit is due when doing it today would count', () => {
  it.each([
    ['daily', null, true],
    ['daily', '2026-03-01', false],
    ['daily', '2026-02-28', true],
    ['custom', '2026-03-01', false],
    ['custom', '2026-02-28', true],
    ['weekly', '2026-02-24', false],
    ['weekly', '2026-02-23', true],
    ['monthly', '2026-03-01', false],
    ['monthly', '2026-02-28', true],
    ['monthly', '2025-12-31', true],
  ])('%s, done on %s: %s on 2026-03-01', (frequency, last_completed_on, due) => {
    expect(isDue({ frequency, last_completed_on }, '2026-03-01')).toBe(due);
  });
});
