import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { SkillLocked } from './errors.js';
import { efficiencyInTenths, experienceOfNextLevel, highestTotal, masteryAt, practise, type Skill, standingAt } from './skill.js';

const at = new Date('2026-11-21T12:00:00Z');
const daysAgo = (days: number): Date => new Date(at.getTime() - days * 86_400_000);
const skill = (over: Partial<Skill> = {}): Skill => ({ skill_id: 3, total_experience: 0, total_minutes: 0, last_practiced: null, missing: [], ...over });
const totalAt = (level: number): number => experienceOfNextLevel.slice(1, level).reduce((sum, step) => sum + step, 0);

describe('K-2: levels', () => {
  it('X-7: need 1000 XP, then 10 % more than the step before, floored each time', () => {
    expect(experienceOfNextLevel.slice(1, 9)).toEqual([1000, 1100, 1210, 1331, 1464, 1610, 1771, 1948]);
    expect(experienceOfNextLevel).toHaveLength(100);
  });

  it.each([
    [0, 1, 0, 1000], [999, 1, 999, 1000], [1000, 2, 0, 1100], [1001, 2, 1, 1100], [2099, 2, 1099, 1100], [2100, 3, 0, 1210], [3310, 4, 0, 1331],
  ])('%i XP is level %i with %i of %i', (total, level, experience, next_level_at) => {
    expect(standingAt(total)).toEqual({ level, experience, next_level_at });
  });

  it('end at 100, whatever XP there is', () => {
    expect(standingAt(totalAt(100) - 1)).toMatchObject({ level: 99 });
    expect(standingAt(totalAt(100))).toEqual({ level: 100, experience: 0, next_level_at: null });
    expect(standingAt(highestTotal)).toMatchObject({ level: 100, next_level_at: null });
    expect(totalAt(100)).toBeLessThan(highestTotal);
  });

  it('never fall with more XP, and no XP is lost between level and rest', () => {
    fc.assert(
      fc.property(fc.nat({ max: highestTotal }), fc.nat({ max: 10_000_000 }), (total, more) => {
        const { level, experience } = standingAt(total);
        expect(totalAt(level) + experience).toBe(total);
        expect(standingAt(Math.min(highestTotal, total + more)).level).toBeGreaterThanOrEqual(level);
      }),
    );
  });
});

describe('K-4: XP of a practice', () => {
  it.each([
    [0, 10], [1, 10], [1.99, 10], [2, 9], [3, 9], [3.99, 9], [4, 8], [7, 8], [8, 7], [14, 7], [15, 6], [30, 6], [30.99, 6], [31, 5], [3650, 5],
  ])('%d days after the last one it counts %i tenths', (days, tenths) => {
    expect(efficiencyInTenths(daysAgo(days), at)).toBe(tenths);
  });

  it.each([
    [null, 1, 1], [null, 2, 1], [null, 3, 1], [null, 60, 30], [null, 1440, 720], [31, 1, 1], [31, 3, 1], [31, 60, 15], [3, 60, 27], [3, 7, 3], [14, 100, 35],
  ])('last practised %s days ago, %i minutes give %i, rounded down, at least 1', (days, minutes, gained) => {
    expect(practise(skill({ last_practiced: days === null ? null : daysAgo(days) }), { minutes, at })).toMatchObject({ gained, total_experience: gained });
  });

  it('K-5: adds the minutes', () => {
    expect(practise(skill({ total_minutes: 100 }), { minutes: 60, at })).toMatchObject({ total_minutes: 160, efficiency: 1 });
  });
});

describe('K-2, K-3: what a practice does to the level', () => {
  it.each([
    [970, 59, 1, 1], [970, 60, 1, 2], [970, 62, 1, 2], [2000, 240, 2, 3],
  ])('from %i XP, %i minutes lead from level %i to %i', (total_experience, minutes, before, after) => {
    expect(practise(skill({ total_experience }), { minutes, at })).toMatchObject({ before: { level: before }, after: { level: after } });
  });

  it('K-3: at level 100 no XP is added, the practice still counts', () => {
    const total = totalAt(100) + 5;
    expect(practise(skill({ total_experience: total, total_minutes: 9 }), { minutes: 60, at })).toMatchObject({ gained: 0, total_experience: total, total_minutes: 69 });
    expect(practise(skill({ total_experience: totalAt(100) - 1 }), { minutes: 60, at })).toMatchObject({ gained: 30, after: { level: 100, experience: 29 } });
  });
});

describe('K-6: mastery', () => {
  it.each([
    [1, 'novice'], [20, 'novice'], [21, 'apprentice'], [40, 'apprentice'], [41, 'journeyman'], [60, 'journeyman'], [61, 'expert'], [80, 'expert'], [81, 'master'], [100, 'master'],
  ])('level %i is %s', (level, mastery) => {
    expect(masteryAt(level)).toBe(mastery);
  });

  it.each([[21, 'apprentice'], [41, 'journeyman'], [61, 'expert'], [81, 'master'], [20, null], [22, null], [100, null]])('reaching level %i enters %s', (level, mastery) => {
    expect(practise(skill({ total_experience: totalAt(level) - 1 }), { minutes: 2, at })).toMatchObject({ after: { level }, mastery });
  });
});

describe('K-7: a locked skill', () => {
  it('cannot be practised, and says what is missing', () => {
    expect(() => practise(skill({ missing: [{ skill_id: 9, level: 5 }] }), { minutes: 60, at })).toThrow(SkillLocked);
    expect(() => practise(skill({ missing: [{ skill_id: 9, level: 5 }] }), { minutes: 60, at })).toThrow('skill 9 is at level 5');
  });
});

describe('any sequence of practices', () => {
  it('K-2, K-4: the total is the sum of what was told, and the levels told add up', () => {
    fc.assert(
      fc.property(fc.array(fc.record({ minutes: fc.integer({ min: 1, max: 1440 }), days: fc.integer({ min: 0, max: 40 }) }), { maxLength: 60 }), (practices) => {
        let state = skill();
        let time = at.getTime();
        let told = 0;
        let levels = 0;
        for (const { minutes, days } of practices) {
          time += days * 86_400_000;
          const outcome = practise(state, { minutes, at: new Date(time) });
          told += outcome.gained;
          levels += outcome.after.level - outcome.before.level;
          state = { ...state, total_experience: outcome.total_experience, total_minutes: outcome.total_minutes, last_practiced: new Date(time) };
        }
        expect(state.total_experience).toBe(told);
        expect(standingAt(told).level).toBe(1 + levels);
        expect(state.total_minutes).toBe(practices.reduce((sum, { minutes }) => sum + minutes, 0));
      }),
    );
  });
});
