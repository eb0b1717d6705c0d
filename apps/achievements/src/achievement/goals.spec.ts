import { describe, expect, it } from '@jest/globals';
import { achievements } from './built-in.js';
import type { AchievementDefinition } from './definitions.js';
import { isClose, missingOf, openProgress, standingOf, suggestions } from './goals.js';
import { progressOf } from './progress.js';
import { type Held, nothingHeld } from './rule-engine.js';
import { nothingHeard, type UserContext } from './user-context.js';

const known = (over: Partial<UserContext>): UserContext => ({ ...nothingHeard, ...over });
const holding = (...ids: number[]): Held => ({ ...nothingHeld, achievements: new Map(ids.map((id) => [id, 1])) });
const seeker = achievements[1] as AchievementDefinition;
const rulesOf = (...definitions: AchievementDefinition[]) => ({ achievements: definitions, titles: [], badges: [] });
const ofTen = (achievement_id: number): AchievementDefinition => ({ ...seeker, achievement_id, requirements: [{ measure: 'quests_completed', atLeast: 1000 + achievement_id }] });

describe('A-9: suggestions', () => {
  it('are those at 70 % and more, best first', () => {
    expect(suggestions(known({ quests_completed: 7, journal_entries: 9, level: 3 }), holding(1)).map(({ achievement }) => achievement.name)).toEqual([
      'Diarist', 'Quest Seeker',
    ]);
    expect(suggestions(known({ quests_completed: 6 }), holding(1))).toEqual([]);
  });

  it('are five at most, and never of what is unlocked or hidden', () => {
    const near = [1, 2, 3, 4, 5, 6].map(ofTen);
    const goals = (held: Held, list = near) => suggestions(known({ quests_completed: 1000 }), held, rulesOf(...list)).map(({ achievement }) => achievement.achievement_id);
    expect(goals(nothingHeld)).toEqual([1, 2, 3, 4, 5]);
    expect(goals(holding(2, 3))).toEqual([1, 4, 5, 6]);
    expect(goals(nothingHeld, near.map((definition) => ({ ...definition, hidden: true })))).toEqual([]);
  });
});

describe('A-9: close', () => {
  it.each([[7, false], [8, true], [9, true]])('%i of 10: %p', (quests_completed, close) => {
    expect(isClose(progressOf(seeker, known({ quests_completed })))).toBe(close);
  });
});

describe('A-9: what is missing', () => {
  it.each<[number, Partial<UserContext>, string[]]>([
    [2, { quests_completed: 7 }, ['Complete 3 more quests.']],
    [2, { quests_completed: 9 }, ['Complete 1 more quest.']],
    [2, { quests_completed: 10 }, []],
    [5, { level: 3 }, ['Reach level 5; it is 3 now.']],
    [8, { longest_streak: 4 }, ['Keep a habit 21 times in a row; the longest run is 4 so far.']],
    [10, {}, ['Write 10 more journal entries.']],
    [11, {}, ['Connect 1 more app.']],
    [12, { highest_skill_level: 24 }, ['Bring a skill to level 25; it is 24 now.']],
    [14, { highest_stat: 10 }, ['Bring a core stat to 50; it is 10 now.']],
  ])('of achievement %i with %j: %j', (id, context, sentences) => {
    const achievement = achievements.find(({ achievement_id }) => achievement_id === id) as AchievementDefinition;
    expect(missingOf(progressOf(achievement, known(context)), known(context))).toEqual(sentences);
  });

  it('is a sentence for each requirement, whatever it measures', () => {
    const measures = Object.keys(nothingHeard) as (keyof UserContext)[];
    const all = { ...seeker, requirements: measures.map((measure) => ({ measure, atLeast: 5 })) };
    const sentences = missingOf(progressOf(all, nothingHeard), nothingHeard);
    expect(sentences).toHaveLength(measures.length);
    expect(sentences.filter((sentence) => !/^[A-Z].*\.$/.test(sentence))).toEqual([]);
    expect(sentences).toContain('Bring a skill to the mastery of master.');
  });

  it('A-6: counts towards the next time of a repeatable one', () => {
    const again = { ...seeker, repeatable: true };
    expect(missingOf(progressOf(again, known({ quests_completed: 12 }), 1), known({ quests_completed: 12 }))).toEqual(['Complete 8 more quests.']);
  });
});

describe('A-10: the cascade', () => {
  const standings = (held: Held) => achievements.slice(0, 4).map((achievement) => standingOf(achievement, held));

  it('makes the next tier a challenge with each unlock', () => {
    expect(standings(nothingHeld)).toEqual(['challenge', 'later', 'later', 'later']);
    expect(standings(holding(1))).toEqual(['unlocked', 'challenge', 'later', 'later']);
    expect(standings(holding(1, 2))).toEqual(['unlocked', 'unlocked', 'challenge', 'later']);
  });

  it('shows a hidden tier from then on', () => {
    const hidden = { ...seeker, hidden: true };
    const shown = (held: Held) => openProgress(nothingHeard, held, rulesOf(hidden)).length;
    expect([shown(nothingHeld), shown(holding(1))]).toEqual([0, 1]);
  });
});
