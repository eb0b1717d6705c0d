import { describe, expect, it } from '@jest/globals';
import { levelBar, levelOf } from './level.js';

describe('D-4: level', () => {
  it.each([
    [0, 1],
    [999, 1],
    [1_000, 2],
    [1_500, 2],
    [2_000, 3],
    [2_147_483_647, 2_147_484],
  ])('%i XP are level %i', (total, level) => {
    expect(levelOf(total)).toBe(level);
  });

  it.each([
    [0, { level: 1, experience_to_next_level: 1_000, level_progress_percentage: 0, difficulty_factor: 1.1 }],
    [1_000, { level: 2, experience_to_next_level: 1_000, level_progress_percentage: 0, difficulty_factor: 1.21 }],
    [1_555, { level: 2, experience_to_next_level: 445, level_progress_percentage: 55.5, difficulty_factor: 1.21 }],
    [999, { level: 1, experience_to_next_level: 1, level_progress_percentage: 99.9, difficulty_factor: 1.1 }],
  ])('the bar of %i XP', (total, bar) => {
    expect(levelBar(total)).toEqual({ experience_points: total, ...bar });
  });

  it('stays a JSON number at the largest total', () => {
    expect(Number.isFinite(levelBar(2_147_483_647).difficulty_factor)).toBe(true);
  });
});
