import { describe, expect, it } from '@jest/globals';
import { coreMilestonesPassed, lifeMilestone, percentPassed } from './milestones.js';

describe('S-11: milestones of a core stat', () => {
  it.each([
    [18, 19, []],
    [19, 20, [20]],
    [20, 21, []],
    [10, 100, [20, 40, 60, 80, 100]],
    [39, 61, [40, 60]],
    [60, 19, []],
  ])('%i → %i passes %j', (previous, next, passed) => {
    const found = coreMilestonesPassed({ userId: 1, name: 'wisdom', previous, next });
    expect(found.map(({ milestone_value }) => milestone_value)).toEqual(passed);
    for (const milestone of found) expect(milestone).toMatchObject({ user_id: 1, stat_type: 'core', stat_name: 'wisdom', milestone_type: 'level' });
  });
});

describe('S-12: milestones of a life stat', () => {
  const at = (value: number, target: number | null = 100) => ({ value, target });

  it.each([
    [at(0), at(24.9999), []],
    [at(0), at(25), [25]],
    [at(25), at(49.9999), []],
    [at(0), at(100), [25, 50, 75, 100]],
    [at(99), at(150), [100]],
    [at(80), at(20), []],
    [at(0), at(1000, null), []],
    [at(0), at(1000, 0), []],
    [at(50, null), at(50), [25, 50]],
    [at(50, 200), at(50, 50), [50, 75, 100]],
    [at(0.2, 0.4), at(0.3, 0.4), [75]],
    [at(0, 99_999_999_999.9999), at(99_999_999_999.9998, 99_999_999_999.9999), [25, 50, 75]],
  ])('%j → %j passes %j', (before, after, passed) => {
    expect(percentPassed(before, after)).toEqual(passed);
  });

  it('are per cent of the target, and the goal at 100', () => {
    expect(lifeMilestone(1, 'health.physical', 75)).toMatchObject({ stat_type: 'life', stat_name: 'health.physical', milestone_value: 75, milestone_type: 'target_percent' });
    expect(lifeMilestone(1, 'health.physical', 100)).toMatchObject({ milestone_type: 'goal' });
  });
});
