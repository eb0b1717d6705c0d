import { describe, expect, it } from '@jest/globals';
import { inLanes } from './in-lanes.js';
import { groupsOf, seedsOf } from './play.js';

describe('the plan of a run', () => {
  it('gives trials that take long fewer seeds unless they were asked for, and those that measure one', () => {
    const seeds = [1, 2, 3, 4];
    expect(seedsOf({ kind: 'fault', seedsByDefault: 2 }, { seeds, allSeeds: false })).toEqual([1, 2]);
    expect(seedsOf({ kind: 'fault', seedsByDefault: 2 }, { seeds, allSeeds: true })).toEqual(seeds);
    expect(seedsOf({ kind: 'measure' }, { seeds, allSeeds: true })).toEqual([1]);
  });

  it('puts the same neighbours together whatever seed is the first', () => {
    expect(groupsOf([8, 9, 10, 11, 12], 5)).toEqual([[8, 9], [10, 11, 12]]);
  });

  it('works on so many at the same time, in their order', async () => {
    const done: number[] = [];
    let [now, most] = [0, 0];
    await inLanes(2, [10, 20, 30], async (item, index) => {
      most = Math.max(most, (now += 1));
      await new Promise(setImmediate);
      now -= 1;
      done.push(item + index);
    });
    expect([done, most]).toEqual([[10, 21, 32], 2]);
  });
});
