import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { AchievementUnlocked, LevelUp, QuestCompleted, UserProfileUpdated, UserRegistered } from '@lifeos/contracts';
import { eventOf, openReactionBench, type ReactionBench } from '@lifeos/app-testing';
import { promptsOf } from '../read-models/prompts.js';
import { RememberTimeZoneWhenUserProfileUpdated } from './remember-time-zone-when-user-profile-updated.js';
import { SuggestPromptWhenAchievementUnlocked } from './suggest-prompt-when-achievement-unlocked.js';
import { SuggestPromptWhenLevelUp } from './suggest-prompt-when-level-up.js';
import { SuggestPromptWhenQuestCompleted } from './suggest-prompt-when-quest-completed.js';
import { WelcomeWhenUserRegistered } from './welcome-when-user-registered.js';

const noon = '2026-11-21T12:00:00Z';
const registered = (user_id: number, time_zone?: string, when = noon) =>
  eventOf(UserRegistered, { user_id, email: 'a@b.example', registration_timestamp: new Date(when), ...(time_zone === undefined ? {} : { time_zone }) }, new Date(when));
const moved = (user_id: number, time_zone: string) =>
  eventOf(UserProfileUpdated, { user_id, updated_fields: { time_zone }, previous_values: { time_zone: 'UTC' } });
const levelUp = (user_id: number, new_level: number, when = noon) =>
  eventOf(LevelUp, { user_id, previous_level: new_level - 1, new_level, total_experience: 1000 }, new Date(when));
const questDone = (user_id: number, quest_type: 'main' | 'side', when = noon) =>
  eventOf(QuestCompleted, { user_id, quest_id: 1, quest_type, experience_reward: 1, completion_timestamp: new Date(when), auto_completed: false }, new Date(when));
const unlocked = (user_id: number, when = noon) =>
  eventOf(AchievementUnlocked, { user_id, achievement_id: 1, achievement_name: 'First Quest', tier: 'bronze', experience_reward: 100, unlock_timestamp: new Date(when) }, new Date(when));

const whenRegistered = new WelcomeWhenUserRegistered();
const whenMoved = new RememberTimeZoneWhenUserProfileUpdated();
const whenLevelUp = new SuggestPromptWhenLevelUp();
const whenQuestCompleted = new SuggestPromptWhenQuestCompleted();
const whenUnlocked = new SuggestPromptWhenAchievementUnlocked();

let bench: ReactionBench;
let person = 0;
beforeAll(async () => {
  bench = await openReactionBench(new URL('../../migrations/', import.meta.url));
});
afterAll(() => bench.close());

describe('J-7: a prompt', () => {
  it.each([
    ['sign-up', (user: number) => bench.handle(whenRegistered, registered(user)), 'general', 'UserRegistered'],
    ['a level', (user: number) => bench.handle(whenLevelUp, levelUp(user, 2)), 'milestone', 'LevelUp'],
    ['an achievement', (user: number) => bench.handle(whenUnlocked, unlocked(user)), 'milestone', 'AchievementUnlocked'],
    ['a main quest', (user: number) => bench.handle(whenQuestCompleted, questDone(user, 'main')), 'quest', 'QuestCompleted'],
  ])('follows %s, is published and kept', async (_what, happen, prompt_category, trigger_event) => {
    const user = ++person;
    const raised = await happen(user);
    expect(raised).toMatchObject([{ type: { name: 'ReflectionPromptSuggested' }, payload: { user_id: user, prompt_category, trigger_event } }]);
    const [kept] = await promptsOf(bench.database, user, 50);
    expect(raised[0]?.payload).toMatchObject({ prompt_id: kept?.prompt_id, prompt_text: kept?.prompt_text });
    expect(kept).toMatchObject({ prompt_category, trigger_event, suggested_at: new Date(noon) });
  });

  it('does not follow a side quest', async () => {
    const user = ++person;
    expect(await bench.handle(whenQuestCompleted, questDone(user, 'side'))).toEqual([]);
    expect(await promptsOf(bench.database, user, 50)).toEqual([]);
  });
});

describe('J-7: at most three a day', () => {
  it('in one batch, over batches, and over topics', async () => {
    const user = ++person;
    await bench.handle(whenLevelUp, levelUp(user, 2));
    await bench.handle(whenUnlocked, unlocked(user), unlocked(user), unlocked(user));
    expect(await bench.handle(whenQuestCompleted, questDone(user, 'main'))).toEqual([]);
    expect(await promptsOf(bench.database, user, 50)).toHaveLength(3);
  });

  it('two batches at once give three together', async () => {
    const user = ++person;
    await Promise.all([
      bench.handle(whenUnlocked, unlocked(user), unlocked(user)),
      bench.handle(whenLevelUp, levelUp(user, 2), levelUp(user, 3)),
    ]);
    expect(await promptsOf(bench.database, user, 50)).toHaveLength(3);
  });

  it('each person and each day has three of its own, by the time of the event', async () => {
    const [one, two] = [++person, ++person];
    const late = '2026-11-21T23:59:59.999Z';
    const next = '2026-11-22T00:00:00.000Z';
    await bench.handle(whenLevelUp, ...[2, 3, 4].map((level) => levelUp(one, level, late)), levelUp(two, 2, late), levelUp(one, 5, next));
    expect(await promptsOf(bench.database, one, 50)).toHaveLength(4);
    expect(await promptsOf(bench.database, two, 50)).toHaveLength(1);
  });

  it("the day is the person's own, once the zone is heard of", async () => {
    const user = ++person;
    // 23:30 UTC is the next day in Berlin.
    await bench.handle(whenRegistered, registered(user, 'Europe/Berlin', '2026-11-21T23:30:00Z'));
    await bench.handle(whenLevelUp, ...[2, 3, 4].map((level) => levelUp(user, level, '2026-11-22T01:00:00Z')));
    expect(await promptsOf(bench.database, user, 50)).toHaveLength(3);
  });

  it('a change of zone counts from then on; a zone that nobody knows does not', async () => {
    const user = ++person;
    await bench.handle(whenMoved, moved(user, 'Asia/Tokyo'));
    const other = moved(user, 'UTC');
    await bench.handle(whenMoved, { ...other, payload: { ...other.payload, updated_fields: { time_zone: 'Middle/Earth' } } });
    // 16:00 UTC is the next day in Tokyo.
    await bench.handle(whenLevelUp, ...[2, 3, 4].map((level) => levelUp(user, level, '2026-11-21T14:00:00Z')), levelUp(user, 5, '2026-11-21T16:00:00Z'));
    expect(await promptsOf(bench.database, user, 50)).toHaveLength(4);
  });

  it('a rebuilt service that meets the topics in another order publishes no fourth', async () => {
    const user = ++person;
    const causes = [levelUp(user, 2), levelUp(user, 3), levelUp(user, 4)];
    await bench.handle(whenLevelUp, ...causes);
    await bench.database.query('DELETE FROM prompts WHERE user_id = $1', [user]);
    expect(await bench.handle(whenUnlocked, unlocked(user))).toEqual([]);
    expect(await bench.handle(whenLevelUp, ...causes.map((cause) => levelUp(user, cause.payload.new_level)))).toEqual([]);
  });
});
