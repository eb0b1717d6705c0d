import { describe, expect, it } from '@jest/globals';
import { daysUpTo } from '../series/days.js';
import { veryLowDaysUpTo } from './low-days.js';
import {
  promptForAchievement, promptForBrokenStreak, promptForFailedQuest, promptForLevel, promptForLowMood, promptForMastery, promptForQuest, promptForStat, promptForStreak, welcomePrompt,
} from './prompts.js';

describe('J-7: what asks a question', () => {
  it.each(['main', 'annual_goal', 'life_goal'])('a completed %s quest, by its title once that was heard', (questType) => {
    expect(promptForQuest(questType)).toMatchObject({ category: 'quest', text: expect.stringMatching(/^You completed a/) });
    expect(promptForQuest(questType, 'Run far')).toMatchObject({ category: 'quest', text: expect.stringContaining('"Run far"') });
  });

  it.each(['side', 'weekly', 'daily', 'a_type_of_tomorrow'])('not a completed %s quest', (questType) => {
    expect(promptForQuest(questType)).toBeNull();
  });

  it.each([
    ['milestone', promptForLevel(7), 'level 7'],
    ['milestone', promptForAchievement('First Quest'), '"First Quest"'],
    ['milestone', promptForStat('health.physical'), 'physical (health)'],
    ['milestone', promptForMastery('Chess', 'expert'), 'expert in "Chess"'],
    ['milestone', promptForMastery('', 'expert'), 'expert in a skill'],
    ['habit', promptForStreak('Read', 21), '21 in a row with "Read"'],
    ['habit', promptForStreak('', 7), '7 in a row.'],
    ['habit', promptForBrokenStreak('Read'), 'with "Read" ended'],
    ['habit', promptForBrokenStreak(''), 'A streak ended'],
    ['quest', promptForFailedQuest('Run far'), '"Run far" did not'],
    ['quest', promptForFailedQuest(), 'A quest did not'],
    ['mood', promptForLowMood(0), 'hard day'],
    ['general', welcomePrompt, 'Welcome'],
  ] as const)('%s: %j names %s', (category, prompt, named) => {
    expect(prompt.category).toBe(category);
    expect(prompt.text).toContain(named);
    expect(prompt.text).toContain('?');
  });
});

const moods = (...list: (number | null)[]) =>
  daysUpTo('2028-03-01', list.length).flatMap((day, index) => (typeof list[index] === 'number' ? [{ at: new Date(`${day}T12:00:00Z`), mood: list[index] }] : []));
const wording = (days: number) => promptForLowMood(days).text.includes('professional');

describe('J-8: five very low days in a row', () => {
  it.each([[4, false], [5, true], [6, true]])('%d point to professional help: %s', (days, points) => {
    expect(wording(days)).toBe(points);
  });

  it.each([
    [[2, 2, 2, 2, 2], 5],
    [[1, 1, 2, 2, 2, 1], 5],
    [[2, 2, 2, 2], 4],
    [[2, 2, 3, 2, 2], 2],
    [[2, 2, null, 2, 2], 2],
    [[2, 2, 2, 2, 3], 0],
    [[], 0],
  ])('%j are %d', (list, days) => {
    expect(veryLowDaysUpTo('2028-03-01', moods(...list), 'UTC')).toBe(days);
  });

  it('a day counts by the mean of its entries, and only up to the day in question', () => {
    const better = [{ at: new Date('2028-02-29T20:00:00Z'), mood: 4 }];
    expect(veryLowDaysUpTo('2028-03-01', [...moods(2, 2, 2, 2, 2), ...better], 'UTC')).toBe(1);
    expect(veryLowDaysUpTo('2028-03-01', [...moods(2, 2, 2, 2, 2), { at: new Date('2028-03-02T08:00:00Z'), mood: 9 }], 'UTC')).toBe(5);
  });

  it("days are the person's own", () => {
    const late = daysUpTo('2028-03-01', 5).map((day) => ({ at: new Date(`${day}T23:30:00Z`), mood: 2 }));
    expect(veryLowDaysUpTo('2028-03-02', late, 'Europe/Berlin')).toBe(5);
    expect(veryLowDaysUpTo('2028-03-02', late, 'UTC')).toBe(0);
  });
});
