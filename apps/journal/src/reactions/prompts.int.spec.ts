import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type BatchReaction, eventOf, openReactionBench, type ReactionBench } from '@lifeos/app-testing';
import {
  AchievementUnlocked, HabitStreakAchieved, HabitStreakBroken, JournalEntryCreated, JournalEntryUpdated, LevelUp, QuestChanged, QuestCompleted, QuestCreated, QuestFailed,
  SkillMasteryAchieved, StatMilestoneReached, UserRegistered,
} from '@lifeos/contracts';
import type { EventEnvelope } from '@lifeos/events';
import { promptsOf } from '../read-models/prompts.js';
import { RememberTitleWhenQuestTold } from './remember-title-when-quest-told.js';
import { RestoreEntryWhenJournalEntryTold } from './restore-entry-when-journal-entry-told.js';
import { SuggestPromptWhenAchievementUnlocked } from './suggest-prompt-when-achievement-unlocked.js';
import { SuggestPromptWhenHabitStreakAchieved } from './suggest-prompt-when-habit-streak-achieved.js';
import { SuggestPromptWhenHabitStreakBroken } from './suggest-prompt-when-habit-streak-broken.js';
import { SuggestPromptWhenLevelUp } from './suggest-prompt-when-level-up.js';
import { SuggestPromptWhenMoodIsLow } from './suggest-prompt-when-mood-is-low.js';
import { SuggestPromptWhenQuestCompleted } from './suggest-prompt-when-quest-completed.js';
import { SuggestPromptWhenQuestFailed } from './suggest-prompt-when-quest-failed.js';
import { SuggestPromptWhenSkillMasteryAchieved } from './suggest-prompt-when-skill-mastery-achieved.js';
import { SuggestPromptWhenStatMilestoneReached } from './suggest-prompt-when-stat-milestone-reached.js';
import { WelcomeWhenUserRegistered } from './welcome-when-user-registered.js';

const noon = '2026-11-21T12:00:00Z';
const at = (when: string) => new Date(when);
const registered = (user_id: number, time_zone = 'UTC', when = noon) => eventOf(UserRegistered, { user_id, email: 'a@b.example', registration_timestamp: at(when), time_zone }, at(when));
const levelUp = (user_id: number, new_level: number, when = noon) => eventOf(LevelUp, { user_id, previous_level: new_level - 1, new_level, total_experience: 1000 }, at(when));
const questDone = (user_id: number, quest_type: 'main' | 'side', quest_id = 1) =>
  eventOf(QuestCompleted, { user_id, quest_id, quest_type, experience_reward: 1, completion_timestamp: at(noon), auto_completed: false });
const questFailed = (user_id: number, quest_id = 1) => eventOf(QuestFailed, { user_id, quest_id, quest_type: 'daily', failure_reason: 'timeout', failure_timestamp: at(noon) });
const questMade = (user_id: number, quest_id: number, title: string) => eventOf(QuestCreated, { user_id, quest_id, quest_type: 'main', title, difficulty: 'easy', experience_reward: 1 });
const questChanged = (user_id: number, quest_id: number, title: string, deleted = false) =>
  eventOf(QuestChanged, { user_id, quest_id, title, due_date: null, auto_completion_rules: [], deleted });
const unlocked = (user_id: number) =>
  eventOf(AchievementUnlocked, { user_id, achievement_id: 1, achievement_name: 'First Quest', tier: 'bronze', experience_reward: 100, unlock_timestamp: at(noon) });
const milestone = (user_id: number) => eventOf(StatMilestoneReached, { user_id, stat_type: 'core', stat_name: 'strength', milestone_value: 20, milestone_type: 'level' });
const mastery = (user_id: number) => eventOf(SkillMasteryAchieved, { user_id, skill_id: 1, mastery_level: 'expert', total_practice_time: 1, mastery_timestamp: at(noon), skill_name: 'Chess' });
const streak = (user_id: number) => eventOf(HabitStreakAchieved, { user_id, habit_id: 1, streak_count: 7, streak_type: 'week', bonus_experience: 10, habit_name: 'Read' });
const broken = (user_id: number) => eventOf(HabitStreakBroken, { user_id, habit_id: 1, previous_streak: 3, broken_date: '2026-11-20', habit_name: 'Read' });
const written = (user_id: number, entry_id: number, mood_rating: number | null, when = noon) =>
  eventOf(JournalEntryCreated, { user_id, entry_id, entry_type: 'daily', title: 'x', word_count: 1, mood_rating, tags: [] }, at(when));
const changed = (user_id: number, entry_id: number, updated_fields: Record<string, unknown>) =>
  eventOf(JournalEntryUpdated, { user_id, entry_id, updated_fields, update_timestamp: at(noon) });

const whenLevelUp = new SuggestPromptWhenLevelUp();
const whenUnlocked = new SuggestPromptWhenAchievementUnlocked();
const whenCompleted = new SuggestPromptWhenQuestCompleted();
const whenMoodLow = new SuggestPromptWhenMoodIsLow();
const whenEntryTold = new RestoreEntryWhenJournalEntryTold();
const whenQuestTold = new RememberTitleWhenQuestTold();

let bench: ReactionBench;
let person = 0;
beforeAll(async () => {
  bench = await openReactionBench(new URL('../../migrations/', import.meta.url));
});
afterAll(() => bench.close());

const promptsFor = (user: number) => promptsOf(bench.database, user, 50);
const happens = <E extends EventEnvelope>(reaction: BatchReaction<E>, event: (user: number) => E) => (user: number) => bench.handle(reaction, event(user));

describe('J-7: a prompt', () => {
  it.each([
    ['sign-up', happens(new WelcomeWhenUserRegistered(), registered), 'general', 'UserRegistered'],
    ['a level', happens(whenLevelUp, (user) => levelUp(user, 2)), 'milestone', 'LevelUp'],
    ['a milestone of a stat', happens(new SuggestPromptWhenStatMilestoneReached(), milestone), 'milestone', 'StatMilestoneReached'],
    ['mastery', happens(new SuggestPromptWhenSkillMasteryAchieved(), mastery), 'milestone', 'SkillMasteryAchieved'],
    ['an achievement', happens(whenUnlocked, unlocked), 'milestone', 'AchievementUnlocked'],
    ['a streak', happens(new SuggestPromptWhenHabitStreakAchieved(), streak), 'habit', 'HabitStreakAchieved'],
    ['a broken streak', happens(new SuggestPromptWhenHabitStreakBroken(), broken), 'habit', 'HabitStreakBroken'],
    ['a main quest', happens(whenCompleted, (user) => questDone(user, 'main')), 'quest', 'QuestCompleted'],
    ['a failed quest', happens(new SuggestPromptWhenQuestFailed(), questFailed), 'quest', 'QuestFailed'],
    ['a mood of 3', happens(whenMoodLow, (user) => written(user, 1, 3)), 'mood', 'low_mood'],
    ['a mood changed to 1', happens(whenMoodLow, (user) => changed(user, 1, { mood_rating: 1 })), 'mood', 'low_mood'],
  ])('follows %s, is published and kept', async (_what, happen, prompt_category, trigger_event) => {
    const user = ++person;
    const raised = await happen(user);
    expect(raised).toMatchObject([{ type: { name: 'ReflectionPromptSuggested' }, payload: { user_id: user, prompt_category, trigger_event } }]);
    const [kept] = await promptsFor(user);
    expect(raised[0]?.payload).toMatchObject({ prompt_id: kept?.prompt_id, prompt_text: kept?.prompt_text });
    expect(kept).toMatchObject({ prompt_category, trigger_event, suggested_at: at(noon) });
  });

  it.each([
    ['a side quest', happens(whenCompleted, (user) => questDone(user, 'side'))],
    ['a mood of 4', happens(whenMoodLow, (user) => written(user, 1, 4))],
    ['no mood', happens(whenMoodLow, (user) => written(user, 1, null))],
    ['a change of anything else', happens(whenMoodLow, (user) => changed(user, 1, { title: 'x', content: true }))],
    ['a mood taken back', happens(whenMoodLow, (user) => changed(user, 1, { mood_rating: null }))],
  ])('does not follow %s', async (_what, happen) => {
    expect(await happen(++person)).toEqual([]);
    expect(await promptsFor(person)).toEqual([]);
  });

  it('J-3: names the quest as it is called now, and generally once it was deleted', async () => {
    const user = ++person;
    const [kept, gone] = [user * 10, user * 10 + 1];
    await bench.handle(whenQuestTold, questMade(user, kept, 'Old'), questMade(user, gone, 'Gone'), questChanged(user, kept, 'New'), questChanged(user, gone, 'Gone', true));
    await bench.handle(whenCompleted, questDone(user, 'main', kept), questDone(user, 'main', gone));
    expect((await promptsFor(user)).map(({ prompt_text }) => prompt_text.slice(0, 20)).sort()).toEqual(['You completed "New".', 'You completed a main']);
  });
});

describe('J-8: a prompt after very low days', () => {
  const days = ['2028-02-26', '2028-02-27', '2028-02-28', '2028-02-29', '2028-03-01'];
  const helps = async (user: number, moods: readonly number[]): Promise<boolean> => {
    // Copies: the bench gives each delivery a place of its own, where an event that was seen elsewhere is a duplicate.
    const entries = () => moods.map((mood, index) => written(user, user * 100 + index, mood, `${days[days.length - moods.length + index]}T12:00:00Z`));
    await bench.handle(whenEntryTold, ...entries());
    await bench.handle(whenMoodLow, ...entries());
    const [newest] = await promptsFor(user);
    expect(newest).toMatchObject({ trigger_event: 'low_mood', suggested_at: at('2028-03-01T12:00:00Z') });
    return newest?.prompt_text.includes('professional') ?? false;
  };

  it.each([[[2, 2, 2, 2, 2], true], [[2, 1, 2, 1], false], [[2, 2, 3, 2, 2], false], [[1, 2, 1, 2, 3], false]])('%j: points to professional help: %s', async (moods, points) => {
    expect(await helps(++person, moods)).toBe(points);
  });
});

describe('J-7: at most three a day', () => {
  it('in one batch, over batches, and over topics', async () => {
    const user = ++person;
    await bench.handle(whenLevelUp, levelUp(user, 2));
    await bench.handle(whenUnlocked, unlocked(user), unlocked(user), unlocked(user));
    expect(await bench.handle(whenCompleted, questDone(user, 'main'))).toEqual([]);
    expect(await bench.handle(whenMoodLow, written(user, 1, 1))).toEqual([]);
    expect(await promptsFor(user)).toHaveLength(3);
  });

  it('two batches at once give three together', async () => {
    const user = ++person;
    await Promise.all([
      bench.handle(whenUnlocked, unlocked(user), unlocked(user)),
      bench.handle(whenLevelUp, levelUp(user, 2), levelUp(user, 3)),
    ]);
    expect(await promptsFor(user)).toHaveLength(3);
  });

  it('each person and each day has three of its own, by the time of the event', async () => {
    const [one, two] = [++person, ++person];
    const late = '2026-12-31T23:59:59.999Z';
    const next = '2027-01-01T00:00:00.000Z';
    await bench.handle(whenLevelUp, levelUp(one, 5, next), ...[2, 3, 4, 6].map((level) => levelUp(one, level, late)), levelUp(two, 2, late));
    expect(await promptsFor(one)).toHaveLength(4);
    expect(await promptsFor(two)).toHaveLength(1);
  });

  it('whether the time zone is heard of before or after makes no difference', async () => {
    const [before, after] = [++person, ++person];
    const levels = (user: number) => [2, 3, 4, 5].map((level) => levelUp(user, level, '2026-11-21T12:00:00Z'));
    await bench.handle(new WelcomeWhenUserRegistered(), registered(before, 'Pacific/Kiritimati', '2026-11-20T12:00:00Z'));
    await bench.handle(whenLevelUp, ...levels(before), ...levels(after));
    await bench.handle(new WelcomeWhenUserRegistered(), registered(after, 'Pacific/Kiritimati', '2026-11-20T12:00:00Z'));
    expect(await promptsFor(before)).toHaveLength(4);
    expect(await promptsFor(after)).toHaveLength(4);
  });
});
