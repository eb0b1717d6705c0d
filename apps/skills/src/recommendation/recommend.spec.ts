import { describe, expect, it } from '@jest/globals';
import { type Candidate, recommend } from './recommend.js';

const now = new Date('2026-11-21T12:00:00Z');
const daysAgo = (days: number): Date => new Date(now.getTime() - days * 86_400_000);
const skill = (skill_id: number, over: Partial<Candidate> = {}): Candidate => ({
  skill_id, name: `skill ${skill_id}`, category: 'health', total_experience: 0, last_practiced: daysAgo(1), created_at: daysAgo(100), prerequisites: [], missing: [], ...over,
});
const idsOf = (...candidates: Candidate[]) => recommend(candidates, now)?.skills.map(({ skill_id }) => skill_id) ?? [];

describe('K-8: recommendations', () => {
  it('are none when nothing applies', () => {
    expect(recommend([], now)).toBeNull();
    expect(recommend([skill(1), skill(2)], now)).toBeNull();
  });

  it('name stagnant skills: more than 30 days without practice', () => {
    expect(idsOf(skill(1, { last_practiced: daysAgo(30) }))).toEqual([]);
    expect(idsOf(skill(1, { last_practiced: new Date(daysAgo(30).getTime() - 1) }))).toEqual([1]);
    expect(idsOf(skill(1, { last_practiced: null, created_at: daysAgo(31) }))).toEqual([1]);
    expect(idsOf(skill(1, { last_practiced: null, created_at: daysAgo(2) }))).toEqual([]);
  });

  it('name the lowest category, when one is lower', () => {
    expect(idsOf(skill(1, { total_experience: 5000 }), skill(2, { category: 'wealth' }))).toEqual([2]);
    expect(idsOf(skill(1), skill(2, { category: 'wealth' }))).toEqual([]);
  });

  it('K-7: name what the tree has just opened, never what is locked', () => {
    const prerequisites = [{ skill_id: 1, level: 2 }];
    const fresh = { prerequisites, last_practiced: null, created_at: daysAgo(1) };
    expect(idsOf(skill(1), skill(2, fresh))).toEqual([2]);
    expect(idsOf(skill(1), skill(2, { ...fresh, missing: prerequisites }))).toEqual([]);
    expect(idsOf(skill(1), skill(2, { ...fresh, last_practiced: daysAgo(1) }))).toEqual([]);
  });

  it('are five at most, more grounds first, then the longest without practice', () => {
    const stagnant = [31, 36, 32, 35, 33, 34].map((days, index) => skill(index + 1, { last_practiced: daysAgo(days) }));
    expect(idsOf(...stagnant)).toEqual([2, 4, 6, 5, 3]);
    const both = skill(9, { last_practiced: null, created_at: daysAgo(31), prerequisites: [{ skill_id: 1, level: 1 }] });
    expect(idsOf(...stagnant, both)[0]).toBe(9);
  });

  it.each([
    [0.5, [skill(1, { last_practiced: daysAgo(31) })]],
    [2 / 3, [skill(1, { last_practiced: daysAgo(31) }), skill(2, { last_practiced: null, created_at: daysAgo(1), prerequisites: [{ skill_id: 1, level: 1 }] })]],
    [1, [
      skill(1, { last_practiced: daysAgo(31), total_experience: 9000 }),
      skill(2, { category: 'social', last_practiced: null, created_at: daysAgo(1), prerequisites: [{ skill_id: 1, level: 1 }] }),
    ]],
  ])('have a confidence of %d: the share of the grounds that apply, at least 0.5', (confidence, candidates) => {
    expect(recommend(candidates, now)?.confidence).toBeCloseTo(confidence, 10);
  });
});
