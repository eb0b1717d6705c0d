import { describe, expect, it } from '@jest/globals';
import { isTimeZone, localDay } from './local-day.js';
import { promptForAchievement, promptForLevel, promptForQuest, welcomePrompt } from './prompts.js';

describe('J-7: what asks a question', () => {
  it.each(['main', 'annual_goal', 'life_goal'])('a completed %s quest', (questType) => {
    expect(promptForQuest(questType)).toMatchObject({ category: 'quest', text: expect.stringMatching(/\S/) });
  });

  it.each(['side', 'weekly', 'daily', 'a_type_of_tomorrow'])('not a completed %s quest', (questType) => {
    expect(promptForQuest(questType)).toBeNull();
  });

  it('a level and an achievement, as milestones that name it', () => {
    expect(promptForLevel(7)).toMatchObject({ category: 'milestone', text: expect.stringContaining('level 7') });
    expect(promptForAchievement('First Quest')).toMatchObject({ category: 'milestone', text: expect.stringContaining('"First Quest"') });
  });

  it('the sign-up, in general', () => {
    expect(welcomePrompt.category).toBe('general');
  });
});

describe('the day of an event', () => {
  it.each([
    ['2026-11-21T23:59:59.999Z', 'UTC', '2026-11-21'],
    ['2026-11-22T00:00:00.000Z', 'UTC', '2026-11-22'],
    ['2026-11-21T22:59:59.999Z', 'Europe/Berlin', '2026-11-21'],
    ['2026-11-21T23:00:00.000Z', 'Europe/Berlin', '2026-11-22'],
    ['2026-07-21T22:00:00.000Z', 'Europe/Berlin', '2026-07-22'],
    ['2026-01-01T07:59:59.999Z', 'America/Los_Angeles', '2025-12-31'],
  ])('%s in %s is %s', (instant, zone, day) => {
    expect(localDay(new Date(instant), zone)).toBe(day);
  });

  it.each([
    ['Asia/Tokyo', true],
    ['Middle/Earth', false],
    ['', false],
  ])('"%s" is a time zone: %s', (name, known) => {
    expect(isTimeZone(name)).toBe(known);
  });
});
