import { expect, it } from '@jest/globals';
import { QuestCreated } from '@lifeos/contracts';
import { headersOf, newEventId } from '@lifeos/events';
import { frame } from '@lifeos/schema-registry';
import { aDayMs } from './flow-time.js';
import { type Someone, tells, type World } from './world.js';

type Body = Readonly<Record<string, unknown>>;

/** F-1, F-2, F-8: what a person does in quests, and what becomes of it everywhere. */
export function flowsOfQuests(world: () => World): void {
  it('F-1: a completed quest books XP and reaches a level; achievement, reward, stat points, prompt, notices and home follow', async () => {
    const someone = await world().register();
    const questId = await create(someone, { title: 'Cross the Alps', quest_type: 'main', difficulty: 'hard', experience_reward: 500 });
    await complete(someone, questId);
    expect(await world().seen(someone, 'QuestCompleted')).toMatchObject([{ quest_id: questId, experience_reward: 1000 }]);
    // 1000 by the quest, 100 by "First Quest": told by two services, so in either order.
    const awarded = await world().seen(someone, 'ExperienceAwarded', 2);
    expect(awarded.map(({ source_type, experience_points }) => [source_type, experience_points]).sort()).toEqual([['achievement', 100], ['quest', 1000]]);
    expect(await world().seen(someone, 'LevelUp')).toMatchObject([{ previous_level: 1, new_level: 2 }]);
    expect(await world().seen(someone, 'AchievementUnlocked')).toMatchObject([{ achievement_name: 'First Quest' }]);
    expect(await world().seen(someone, 'CoreStatUpdated')).toMatchObject([{ stat_name: 'intelligence', previous_value: 10, source: 'quest' }]);
    expect((await world().seen(someone, 'AchievementProgressUpdated')).length).toBeGreaterThan(0);
    await world().seen(someone, 'TitleUnlocked');
    await world().seen(someone, 'ReflectionPromptSuggested', 3);
    const home = await world().until({ service: 'dashboard', path: `/dashboard/home/${someone.userId}`, by: someone }, (body) =>
      tells(body['level'], '"level":2') && tells(body['recent_achievements'], 'First Quest') && tells(body['prompts'], 'prompt_text') && tells(body['titles'], 'Beginner'),
    );
    expect(home['level']).toMatchObject({ level: 2 });
    const notices = { service: 'dashboard', path: `/dashboard/notifications/${someone.userId}`, by: someone };
    await world().until(notices, ({ notifications }) => tells(notifications, 'Level 2 reached', 'First Quest', 'Beginner'));
  });

  it('F-2: seven days bring seven completions, the seventh by 1.2, and a week; then a gap breaks the streak, once, with a prompt', async () => {
    const someone = await world().register();
    const habitId = await habit(someone, 'Read ten pages');
    for (let day = 10; day > 3; day -= 1) await walk(someone, habitId, day);
    const rewards = (await world().seen(someone, 'HabitCompleted', 7)).map(({ experience_reward }) => experience_reward);
    expect(rewards).toEqual([10, 10, 10, 10, 10, 10, 12]);
    expect(await world().seen(someone, 'HabitStreakAchieved')).toMatchObject([{ streak_count: 7, streak_type: 'week', bonus_experience: 10 }]);
    // The sweep tells of the gap; the next completion must not tell of it again (H-10).
    await world().runJob('quests', 'break-missed-streaks', 1);
    expect(await world().seen(someone, 'HabitStreakBroken')).toMatchObject([{ previous_streak: 7, broken_date: world().time.dayBefore(3) }]);
    await world().until({ service: 'journal', path: `/journal/prompts/${someone.userId}`, by: someone }, ({ prompts }) => tells(prompts, 'HabitStreakBroken', 'HabitStreakAchieved'));
    expect(await walk(someone, habitId, 0)).toMatchObject({ current_streak: 1, longest_streak: 7, experience_reward: 10 });
    await world().seen(someone, 'HabitCompleted', 8);
    expect(world().allOf(someone, 'HabitStreakBroken')).toHaveLength(1);
  });

  it('F-2: 21 days unlock "Streak Warrior", 100 the title "Habit Master"', async () => {
    const someone = await world().register();
    const habitId = await habit(someone, 'Walk in the morning');
    for (let day = 99; day >= 0; day -= 1) await walk(someone, habitId, day);
    const rewards = (await world().seen(someone, 'HabitCompleted', 100)).map(({ experience_reward }) => experience_reward);
    expect([rewards[5], rewards[6], rewards[19], rewards[20], rewards[98], rewards[99]]).toEqual([10, 12, 12, 15, 15, 20]);
    expect((await world().seen(someone, 'HabitStreakAchieved', 5)).map(({ streak_count }) => streak_count)).toEqual([7, 21, 30, 50, 100]);
    await world().until({ service: 'achievements', path: `/achievements/${someone.userId}`, by: someone }, ({ earned, titles }) =>
      tells(earned, 'Streak Warrior', 'Streak Master') && tells(titles, 'Habit Master'),
    );
  });

  it('F-8: a completed parent makes its children active, all told in one event', async () => {
    const someone = await world().register();
    const parent = await create(someone, { title: 'Learn the alphabet', quest_type: 'side' });
    const children = [await create(someone, { title: 'Read a word', quest_type: 'side', parent_quest_id: parent, status: 'draft' }), await create(someone, { title: 'Write a word', quest_type: 'side', prerequisite_quest_ids: [parent] })];
    const drafts = await world().done({ service: 'quests', method: 'GET', path: `/quests/${someone.userId}?status=draft`, by: someone });
    expect(drafts['quests']).toHaveLength(2);
    await complete(someone, parent);
    const [unlocked] = await world().seen(someone, 'QuestChainUnlocked');
    expect([...(unlocked?.['unlocked_quest_ids'] as number[])].sort((a, b) => a - b)).toEqual(children);
    expect(await world().seen(someone, 'QuestStatusChanged', 2)).toMatchObject([{ previous_status: 'draft', new_status: 'active' }, { previous_status: 'draft', new_status: 'active' }]);
    const active = await world().until({ service: 'dashboard', path: `/dashboard/home/${someone.userId}`, by: someone }, ({ active_quests }) => Array.isArray(active_quests) && active_quests.length === 2);
    expect(tells(active['active_quests'], 'Read a word', 'Write a word')).toBe(true);
  });

  it('F-8: a handler that fails parks its event while others go on; mended, it is retried, and the dead letter is gone', async () => {
    // Until it is mended it is yesterday: three prompts a day are the most (J-7).
    await world().moveClock(-aDayMs);
    const someone = await world().register();
    const first = await create(someone, { title: 'A title', quest_type: 'main', experience_reward: 100 });
    await world().seen(someone, 'QuestCreated');
    // No text column takes a null byte: whoever keeps titles fails, whoever counts does not.
    const foreign = await publish(world().allOf(someone, 'QuestCreated')[0] ?? {}, 'A \u0000 title');
    const letters = { service: 'journal', path: `/operator/dead-letters?event_id=${foreign}`, by: 'operator' as const };
    const parked = await world().until(letters, ({ letters: found }) => Array.isArray(found) && found.length === 1);
    const [letter] = parked['letters'] as Body[];
    expect(letter).toMatchObject({ handler: 'remember-title-when-quest-told', reason: 'handler_error', key: String(someone.userId) });

    // Others run, also those of the same service and person; the handler's own later events wait behind the parked one.
    const second = await create(someone, { title: 'Another title', quest_type: 'main', experience_reward: 100 });
    await complete(someone, second);
    await world().seen(someone, 'ExperienceAwarded');
    await world().until({ service: 'journal', path: `/journal/prompts/${someone.userId}`, by: someone }, ({ prompts }) => tells(prompts, 'You completed a main quest.'));
    await world().until({ service: 'analytics', path: `/analytics/activity/${someone.userId}`, by: someone }, ({ days }) => tells(days, '"QuestCreated":3'));

    const again = { service: 'journal', method: 'POST', path: '/operator/dead-letters/retry', by: 'operator', body: { filter: { event_id: foreign } } } as const;
    await world().done(again);
    await world().until(letters, ({ letters: found }) => Array.isArray(found) && Number((found[0] as Body | undefined)?.['attempts']) > Number(letter?.['attempts']));

    const payload = { ...(world().allOf(someone, 'QuestCreated')[0] ?? {}), title: 'A mended title' };
    await world().moveClock(0);
    for (const service of ['journal', 'dashboard']) await mend(service, foreign, payload);
    await complete(someone, first);
    await world().until({ service: 'journal', path: `/journal/prompts/${someone.userId}`, by: someone }, ({ prompts }) => tells(prompts, 'A mended title'));
  });

  const create = async (by: Someone, body: object): Promise<number> =>
    Number((await world().done({ service: 'quests', method: 'POST', path: '/quests', by, body: { user_id: by.userId, ...body } }))['quest_id']);
  const complete = (by: Someone, questId: number) => world().done({ service: 'quests', method: 'PUT', path: `/quests/${questId}/complete`, by });
  const habit = async (by: Someone, name: string): Promise<number> =>
    Number((await world().done({ service: 'quests', method: 'POST', path: '/quests/habits', by, body: { user_id: by.userId, name, frequency: 'daily' } }))['habit_id']);
  const walk = (by: Someone, habitId: number, daysAgo: number) =>
    world().done({ service: 'quests', method: 'POST', path: `/quests/habits/${habitId}/complete`, by, body: { completion_date: world().time.dayBefore(daysAgo) } });

  /** A record that a foreign producer writes to the topic of quests, with a title that ours refuse. Returns its event id. */
  async function publish(fields: Body, title: string): Promise<string> {
    const payload = { ...QuestCreated.fromJson(fields as Parameters<typeof QuestCreated.fromJson>[0]), title };
    const eventId = newEventId();
    const { recordName, version } = QuestCreated;
    const key = String(fields['user_id']);
    const headers = headersOf({ ...{ eventId, recordName, version, key }, context: 'quests', timestamp: world().time.daysAgo(1), correlationId: null, causationId: null, traceparent: null });
    const value = frame(await world().registry.ids.idFor(recordName, version), QuestCreated.encode(payload));
    await world().publisher.publish([{ topic: QuestCreated.topic ?? 'lifeos.quests.events', key, value, headers }]);
    return eventId;
  }

  async function mend(service: string, eventId: string, payload: object): Promise<void> {
    const question = { service, path: `/operator/dead-letters?event_id=${eventId}`, by: 'operator' } as const;
    const { letters } = await world().until(question, ({ letters: found }) => Array.isArray(found) && found.length > 0);
    for (const { id } of letters as Body[]) await world().done({ service, method: 'POST', path: `/operator/dead-letters/${String(id)}/edit`, by: 'operator', body: { payload, reason: 'no null bytes' } });
    await world().until({ ...question, path: '/operator/dead-letters' }, ({ letters: left }) => Array.isArray(left) && left.length === 0);
  }
}
