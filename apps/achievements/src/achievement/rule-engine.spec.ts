import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type AchievementDefinition, achievements, rewardOf, titles } from './definitions.js';
import { type Held, progressOf, recognise, type Rules, suggestions } from './rule-engine.js';
import { grow, nothingHeard, type UserContext } from './user-context.js';

const nothing: Held = { achievements: new Set(), titles: new Set() };
const known = (over: Partial<UserContext>): UserContext => ({ ...nothingHeard, ...over });
const named = (name: string): AchievementDefinition => {
  const found = achievements.find((achievement) => achievement.name === name);
  if (!found) throw new Error(`there is no achievement ${name}`);
  return found;
};
const after = (context: Partial<UserContext>, held = nothing, before: Partial<UserContext> = {}) => {
  const told = recognise(known(before), known(context), held);
  return {
    unlocked: told.unlocked.map(({ name }) => name),
    badges: told.badges.map(({ name }) => name),
    titles: told.titles.map(({ name }) => name),
    progressed: told.progressed.map(({ achievement, current, required, percentage }) => [
      achievement.name, current, required, percentage,
    ]),
  };
};

describe('A-4: every definition', () => {
  it.each(achievements.map((achievement) => [achievement.name, achievement] as const))('%s is well formed', (_name, achievement) => {
    expect(achievement.requirements.length).toBeGreaterThan(0);
    expect(achievement.name.length).toBeLessThanOrEqual(200);
    expect(achievement.description.length).toBeLessThanOrEqual(2000);
    expect(achievement.icon.length).toBeLessThanOrEqual(50);
    for (const { measure, atLeast } of achievement.requirements) {
      expect(atLeast).toBeGreaterThanOrEqual(measure === 'level' ? 2 : 1);
      expect(atLeast).toBeLessThanOrEqual(measure.includes('level') ? 100 : 10_000);
    }
  });

  it('has an id of its own', () => {
    expect(new Set(achievements.map((achievement) => achievement.achievement_id)).size).toBe(achievements.length);
    expect(new Set(titles.map((title) => title.title_id)).size).toBe(titles.length);
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
    const held = { achievements: new Set([1]), titles: new Set([2]) };
    expect(after({ quests_completed: 2, level: 10 }, held)).toMatchObject({ unlocked: ['Rising', 'Seasoned'], titles: [] });
  });

  it('A-12: gold and platinum bring a badge, the lower tiers none', () => {
    expect(after({ quests_completed: 100 }).badges).toEqual(['Quest Veteran (gold)', 'Quest Hero (platinum)']);
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
    expect(after({ quests_completed: 5 }, { ...nothing, achievements: new Set([1]) }, { quests_completed: 4 }).progressed).toEqual([
      ['Quest Seeker', 5, 10, 50],
      ['Quest Veteran', 5, 50, 10],
      ['Quest Hero', 5, 100, 5],
    ]);
  });

  it('is not told when nothing changed, nor of what unlocks now, nor of what is held', () => {
    expect(after({ integrations: 1 }).progressed).toEqual([]);
    expect(after({ integrations: 2 }, { ...nothing, achievements: new Set([11]) }, { integrations: 1 }).progressed).toEqual([]);
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
  const rules: Rules = { achievements: [two], titles: [] };

  it('is the mean over all requirements, the numbers are of the one furthest from done', () => {
    expect(progressOf(two, known({ quests_completed: 2, level: 2 }))).toMatchObject({ current: 2, required: 4, percentage: 58.33 });
    expect(progressOf(two, known({ quests_completed: 30, level: 2 }))).toMatchObject({ current: 2, required: 4, percentage: 75 });
  });

  it('A-5: unlocks only when all requirements hold', () => {
    const judged = (context: Partial<UserContext>) => recognise(nothingHeard, known(context), nothing, rules).unlocked;
    expect(judged({ quests_completed: 3, level: 3 })).toEqual([]);
    expect(judged({ quests_completed: 3, level: 4 })).toEqual([two]);
  });

  it('never says 100 of what is still open', () => {
    const long = { ...two, requirements: [{ measure: 'total_experience', atLeast: 1_000_000 } as const] };
    expect(progressOf(long, known({ total_experience: 999_999 })).percentage).toBe(99.99);
    expect(progressOf(long, known({ total_experience: 1_000_000 })).percentage).toBe(100);
  });
});

describe('A-9: suggestions', () => {
  it('are those at 70 % and more, best first', () => {
    const held = { ...nothing, achievements: new Set([1]) };
    expect(suggestions(known({ quests_completed: 7, journal_entries: 9, level: 3 }), held).map(({ achievement }) => achievement.name)).toEqual([
      'Diarist', 'Quest Seeker',
    ]);
  });
});

describe('the context', () => {
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
