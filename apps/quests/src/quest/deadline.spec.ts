import { describe, expect, it } from '@jest/globals';
import { deadlineOf } from './deadline.js';

describe('Q-9: how a quest stands to its due date', () => {
  it.each([
    ['2026-11-21', -1, true, false],
    ['2026-11-22', 0, false, true],
    ['2026-11-24', 2, false, true],
    ['2026-11-25', 3, false, false],
    ['2025-11-22', -365, true, false],
    ['2028-02-29', 464, false, false],
  ])('due on %s: %i days left, overdue %s, near %s', (due_date, days_left, overdue, near) => {
    expect(deadlineOf({ due_date, status: 'active' }, '2026-11-22')).toEqual({ days_left, overdue, near });
  });

  it.each(['completed', 'failed'] as const)('a %s quest is never overdue; one without a date neither', (status) => {
    const nothing = { days_left: null, overdue: false, near: false };
    expect(deadlineOf({ due_date: '2020-01-01', status }, '2026-11-22')).toEqual(nothing);
    expect(deadlineOf({ due_date: null, status: 'active' }, '2026-11-22')).toEqual(nothing);
  });
});
