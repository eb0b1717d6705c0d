import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { achievements, badges, titles } from './built-in.js';
import { type AchievementDefinition, checked, faultsOf, type Requirement, rewardOf } from './definitions.js';
import { progressOf } from './progress.js';
import { type Held, nothingHeld as nothing, recognise, type Rules } from './rule-engine.js';
import { grow, isEarly, masteryRank, nothingHeard, type UserContext } from './user-context.js';

const holdingOnly = (...ids: number[]): Held => ({ ...nothing, achievements: new Map(ids.map((id) => [id, 1])) });
const known = (over: Partial<UserContext>): UserContext => ({ ...nothingHeard, ...over });
const named = (name: string): AchievementDefinition => {
  const found = achievements.find((achievement) => achievement.name === name);
  if (!found) throw new Error(`there is no achievement ${name}`);
  return found;
};
const withRequirements = (...requirements: Requirement[]): AchievementDefinition => ({ ...named('First Quest'), requirements });
const after = (context: Partial<UserContext>, held = nothing, before: Partial<UserContext> = {}) => {
  const told = recognise(known(before), known(context), held);
  return {
    unlocked: told.unlocked.map(({ achievement }) => achievement.name),
    badges: told.badges.map(({ name }) => name),
    titles: told.titles.map(({ name }) => name),
    progressed: told.progressed.map(({ achievement, current, required, percentage }) => [
      achievement.name, current, required, percentage,
    ]),
  };
};

describe('A-4: every definition', () => {
  it('that is built in is well formed and has an id of its own', () => {
    expect(achievements.flatMap(faultsOf)).toEqual([]);
    expect(new Set(achievements.map((achievement) => achievement.achievement_id)).size).toBe(achievements.length);
    expect(new Set(titles.map((title) => title.title_id)).size).toBe(titles.length);
    expect(new Set(badges.map((badge) => badge.badge_id)).size).toBe(badges.length);
  });

  it('A-10: that follows another stands in one line with it, at a higher tier', () => {
    expect(achievements.filter(({ follows }) => follows !== null).map(({ achievement_id, follows }) => [follows, achievement_id])).toEqual([
      [1, 2], [2, 3], [3, 4], [5, 6], [6, 7], [8, 9], [12, 13],
    ]);
  });

  it.each<[keyof UserContext, number, boolean]>([
    ['level', 1, false], ['level', 2, true], ['level', 100, true], ['level', 101, false],
    ['highest_skill_level', 0, false], ['highest_skill_level', 1, true], ['highest_skill_level', 100, true], ['highest_skill_level', 101, false],
    ['quests_completed', 0, false], ['quests_completed', 1, true], ['quests_completed', 10_000, true], ['quests_completed', 10_001, false],
    ['total_experience', 0, false], ['total_experience', 1_000_000, true], ['journal_entries', 1.5, false],
  ])('may ask for %s %d: %p', (measure, atLeast, allowed) => {
    expect(faultsOf(withRequirements({ measure, atLeast })).length === 0).toBe(allowed);
  });

  it.each<[Partial<AchievementDefinition>, boolean]>([
    [{ name: 'n'.repeat(200) }, true], [{ name: 'n'.repeat(201) }, false], [{ name: '' }, false],
    [{ description: 'd'.repeat(2000) }, true], [{ description: 'd'.repeat(2001) }, false],
    [{ icon: 'i'.repeat(50) }, true], [{ icon: 'i'.repeat(51) }, false], [{ requirements: [] }, false],
  ])('has bounds for its texts and at least one requirement (%#)', (over, allowed) => {
    expect(faultsOf({ ...named('First Quest'), ...over }).length === 0).toBe(allowed);
  });

  it('that is wrong is named with all its faults', () => {
    expect(() => checked([{ ...named('First Quest'), name: '', requirements: [] }])).toThrow('achievement 1: its name has not 1 to 200 characters; achievement 1: it has no requirement');
  });
});

describe('A-3: the reward', () => {
  it.each([
    ['First Quest', 100],
    ['Quest Seeker', 375],
    ['Quest Veteran', 1000],
    ['Quest Hero', 3000],
  ])('%s books %i XP', (name, experience) => {
    expect(rewardOf(named(name))).toBe(experience);
  });

  it('is floored', () => {
    expect(rewardOf({ ...named('Quest Seeker'), base_experience: 25 })).toBe(37);
  });
});

describe('A-11: what unlocks', () => {
  it.each<[Partial<UserContext>, string[]]>([
    [{}, []],
    [{ quests_completed: 1 }, ['First Quest']],
    [{ quests_completed: 9 }, ['First Quest']],
    [{ quests_completed: 10 }, ['First Quest', 'Quest Seeker']],
    [{ quests_completed: 49 }, ['First Quest', 'Quest Seeker']],
    [{ quests_completed: 50 }, ['First Quest', 'Quest Seeker', 'Quest Veteran']],
    [{ quests_completed: 100 }, ['First Quest', 'Quest Seeker', 'Quest Veteran', 'Quest Hero']],
    [{ level: 4 }, []],
    [{ level: 5 }, ['Rising']],
    [{ level: 10 }, ['Rising', 'Seasoned']],
    [{ level: 25 }, ['Rising', 'Seasoned', 'Accomplished']],
    [{ longest_streak: 20 }, []],
    [{ longest_streak: 21 }, ['Streak Warrior']],
    [{ longest_streak: 30 }, ['Streak Warrior', 'Streak Master']],
    [{ journal_entries: 9 }, []],
    [{ journal_entries: 10 }, ['Diarist']],
    [{ integrations: 1 }, ['Connected']],
    [{ highest_skill_level: 25 }, ['Skilled']],
    [{ highest_skill_level: 50 }, ['Skilled', 'Virtuoso']],
    [{ highest_stat: 49 }, []],
    [{ highest_stat: 50 }, ['Well Trained']],
  ])('%j → %j', (context, names) => {
    expect(after(context).unlocked).toEqual(names);
  });

  it('A-5: several, of different lines, on one event', () => {
    expect(after({ level: 5, quests_completed: 1 }).unlocked).toEqual(['First Quest', 'Rising']);
  });

  it('A-6: nothing twice', () => {
    const held: Held = { achievements: new Map([[1, 1]]), titles: new Set([2]), badges: new Set([1, 1003]) };
    const told = after({ quests_completed: 50, level: 10, early_completions: 8 }, held);
    expect(told).toMatchObject({ unlocked: ['Quest Seeker', 'Quest Veteran', 'Rising', 'Seasoned'], titles: [], badges: [] });
  });

  it('A-12: gold and platinum bring a badge, the lower tiers none', () => {
    expect(after({ quests_completed: 100 }).badges).toEqual(['Quest Veteran (gold)', 'Quest Hero (platinum)']);
  });
});

describe('A-12, A-13: badges with rules of their own', () => {
  it.each<[Partial<UserContext>, string[]]>([
    [{ early_completions: 6 }, []],
    [{ early_completions: 7 }, ['Early Bird']],
    [{ savings_goals_reached: 1 }, ['WealthAchievement']],
  ])('%j → %j', (context, names) => {
    expect(after(context).badges).toEqual(names);
  });
});

describe('A-12: titles', () => {
  it.each<[Partial<UserContext>, string[]]>([
    [{}, []],
    [{ registrations: 1 }, ['Beginner']],
    [{ level: 9 }, []],
    [{ level: 10 }, ['Adventurer']],
    [{ level: 49 }, ['Adventurer']],
    [{ level: 50 }, ['Adventurer', 'Legend']],
    [{ longest_streak: 99 }, []],
    [{ longest_streak: 100 }, ['Habit Master']],
  ])('%j → %j', (context, names) => {
    expect(after(context).titles).toEqual(names);
  });
});

describe('A-8: progress', () => {
  it('is told of what changed and is not due, with the numbers to show', () => {
    expect(after({ quests_completed: 5 }, holdingOnly(1), { quests_completed: 4 }).progressed).toEqual([
      ['Quest Seeker', 5, 10, 50],
      ['Quest Veteran', 5, 50, 10],
      ['Quest Hero', 5, 100, 5],
    ]);
  });

  it('is not told when nothing changed, nor of what unlocks now, nor of what is held', () => {
    expect(after({ integrations: 1 }).progressed).toEqual([]);
    expect(after({ integrations: 2 }, holdingOnly(11), { integrations: 1 }).progressed).toEqual([]);
    expect(after({ total_experience: 10 }).progressed).toEqual([]);
  });

  const two: AchievementDefinition = {
    ...named('First Quest'),
    achievement_id: 99,
    requirements: [
      { measure: 'quests_completed', atLeast: 3 },
      { measure: 'level', atLeast: 4 },
    ],
  };
  const rules: Rules = { achievements: [two], titles: [], badges: [] };

  it('is the mean over all requirements, the numbers are of the one furthest from done', () => {
    expect(progressOf(two, known({ quests_completed: 2, level: 2 }))).toMatchObject({ current: 2, required: 4, percentage: 58.33 });
    expect(progressOf(two, known({ quests_completed: 30, level: 2 }))).toMatchObject({ current: 2, required: 4, percentage: 75 });
  });

  it('A-5: unlocks only when all requirements hold', () => {
    const judged = (context: Partial<UserContext>) => recognise(nothingHeard, known(context), nothing, rules).unlocked;
    expect(judged({ quests_completed: 3, level: 3 })).toEqual([]);
    expect(judged({ quests_completed: 3, level: 4 })).toEqual([{ achievement: two, time: 1 }]);
  });

  it('never says 100 of what is still open', () => {
    const long = { ...two, requirements: [{ measure: 'total_experience', atLeast: 1_000_000 } as const] };
    expect(progressOf(long, known({ total_experience: 999_999 })).percentage).toBe(99.99);
    expect(progressOf(long, known({ total_experience: 1_000_000 })).percentage).toBe(100);
  });
});

describe('A-6: a repeatable achievement', () => {
  const again: AchievementDefinition = { ...withRequirements({ measure: 'quests_completed', atLeast: 10 }), achievement_id: 98, name: 'Tireless', repeatable: true };
  const judge = (was: number, now: number, times: number) =>
    recognise(known({ quests_completed: was }), known({ quests_completed: now }), { ...nothing, achievements: new Map(times > 0 ? [[98, times]] : []) }, { achievements: [again], titles: [], badges: [] });

  it.each([
    [8, 9, 0, []],
    [9, 10, 0, [1]],
    [10, 11, 1, []],
    [18, 19, 1, []],
    [19, 20, 1, [2]],
    [9, 35, 0, [1, 2, 3]],
    [35, 36, 3, []],
  ])('from %i to %i after %i times unlocks %j', (was, now, times, expected) => {
    expect(judge(was, now, times).unlocked.map(({ time }) => time)).toEqual(expected);
  });

  it('A-8: goes on from nothing towards the next time', () => {
    expect(judge(9, 12, 0).progressed).toEqual([{ achievement: again, times: 1, current: 2, required: 10, percentage: 20 }]);
    expect(judge(14, 15, 1).progressed).toEqual([{ achievement: again, times: 1, current: 5, required: 10, percentage: 50 }]);
  });
});

describe('A-7: a hidden achievement', () => {
  const secret: AchievementDefinition = { ...withRequirements({ measure: 'level', atLeast: 9 }), achievement_id: 97, hidden: true };
  const judge = (level: number, held: Held, hidden = secret) => recognise(known({ level: level - 1 }), known({ level }), held, { achievements: [hidden], titles: [], badges: [] });

  it('tells nothing of itself before it is unlocked, and is unlocked like any other', () => {
    expect(judge(8, nothing)).toMatchObject({ unlocked: [], progressed: [] });
    expect(judge(9, nothing).unlocked).toEqual([{ achievement: secret, time: 1 }]);
  });

  it('A-10: shows as a challenge once the tier before it is unlocked', () => {
    const next = { ...secret, follows: 5 };
    expect(judge(8, nothing, next).progressed).toEqual([]);
    expect(judge(8, holdingOnly(5), next).progressed).toMatchObject([{ achievement: next, current: 8, required: 9 }]);
  });
});

describe('the context', () => {
  it('F-10: passes each built-in threshold by one measure, so at one event, whatever order topics come in', () => {
    expect([...achievements, ...titles, ...badges].filter(({ requirements }) => requirements.length !== 1)).toEqual([]);
  });

  it('A-12: calls early what happened before 08:00 UTC', () => {
    expect(['00:00:00.000', '07:59:59.999', '08:00:00.000', '23:00:00.000'].map((time) => isEarly(new Date(`2026-11-21T${time}Z`)))).toEqual([true, true, false, false]);
  });

  it('A-15: ranks masteries; a name that is not known yet counts for nothing', () => {
    expect(['novice', 'apprentice', 'journeyman', 'expert', 'master', 'sage'].map(masteryRank)).toEqual([1, 2, 3, 4, 5, 0]);
  });

  it('A-15: is the same in whatever order the events came', () => {
    const growth = fc.oneof(
      fc.constant({ add: { quests_completed: 1 } }),
      fc.nat(500).map((points) => ({ add: { total_experience: points } })),
      fc.integer({ min: 2, max: 60 }).map((level) => ({ reach: { level } })),
    );
    const from = (list: readonly object[]): UserContext => list.reduce<UserContext>(grow, nothingHeard);
    fc.assert(fc.property(fc.array(growth), (list) => expect(from(list.toReversed())).toEqual(from(list))));
  });
});
