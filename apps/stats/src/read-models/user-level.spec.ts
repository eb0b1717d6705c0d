import { describe, expect, it } from '@jest/globals';
import { levelWith } from './user-level.js';

describe('the mirrored level', () => {
  it.each([
    [0, 1],
    [999, 1],
    [1000, 2],
    [1500, 2],
    [2000, 3],
    [2_147_483_647, 2_147_484],
  ])('S-6: %i XP are level %i', (experience, level) => {
    expect(levelWith(experience)).toBe(level);
  });
});
