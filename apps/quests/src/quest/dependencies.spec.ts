import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type Dependencies, makesCircle } from './dependencies.js';

const after = (...prerequisite_quest_ids: number[]): Dependencies => ({ parent_quest_id: null, prerequisite_quest_ids });
const child = (parent_quest_id: number): Dependencies => ({ parent_quest_id, prerequisite_quest_ids: [] });

describe('Q-12: circles', () => {
  it.each<[string, Dependencies, [number, Dependencies][], boolean]>([
    ['itself as a prerequisite', after(1), [], true],
    ['itself as its parent', child(1), [], true],
    ['one that waits for it', after(2), [[2, after(1)]], true],
    ['one that follows it far off, by either way', after(2), [[2, child(3)], [3, after(4, 5)], [5, child(1)]], true],
    ['others', after(2, 3), [[2, after(4)], [3, child(4)]], false],
    ['others that go round among themselves', after(2), [[2, after(3)], [3, after(2)]], false],
  ])('%s: %#', (_what, wanted, others, circle) => {
    expect(makesCircle(1, wanted, new Map(others))).toBe(circle);
  });

  it('any set of quests of which each names only older ones has none', () => {
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 100 }), { maxLength: 60 }), (picks) => {
        const others = new Map(picks.map((pick, index) => [index + 1, index === 0 ? after() : after((pick % index) + 1)] as const));
        for (const [id, wanted] of others) expect(makesCircle(id, wanted, others)).toBe(false);
      }),
    );
  });
});
