import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventOf, openReactionBench, type ReactionBench } from '@lifeos/app-testing';
import { AutoCompletionTriggered, HabitCreated, QuestCreated, RecommendationCreated, UserProfileUpdated, UserRegistered } from '@lifeos/contracts';
import { timeZoneOf } from '@lifeos/service';
import { QuestDetailsRecorded } from '../generated/index.js';
import { newQuestBody } from '../quest/new-quest.js';
import { ofCommand } from '../quest/origin.js';
import { activateQuest, createQuest, pauseQuest, type QuestEvent, type Quest } from '../quest/quest.js';
import { QuestFlow } from '../quest/quest-flow.js';
import { QuestStream } from '../quest/quest-stream.js';
import { questById, questsOf } from '../read-models/quest-list.js';
import { CompleteQuestWhenAutoCompletionTriggered } from './complete-quest-when-auto-completion-triggered.js';
import { DraftQuestWhenRecommendationCreated } from './draft-quest-when-recommendation-created.js';
import { RememberTimeZoneWhenUserProfileUpdated } from './remember-time-zone-when-user-profile-updated.js';
import { RememberTimeZoneWhenUserRegistered } from './remember-time-zone-when-user-registered.js';
import { ReserveHabitIdWhenHabitCreated } from './reserve-habit-id-when-habit-created.js';
import { ReserveQuestIdWhenQuestCreated } from './reserve-quest-id-when-quest-created.js';

let bench: ReactionBench;
let stream: QuestStream;
let flow: QuestFlow;
let ignored: object[];
beforeAll(async () => {
  bench = await openReactionBench(new URL('../../migrations/', import.meta.url), [QuestDetailsRecorded]);
  stream = new QuestStream(bench.eventLog);
  flow = new QuestFlow({ QUESTS_TIER: 'premium' }, bench.eventLog, stream);
  ignored = [];
});
afterAll(() => bench.close());

const registered = (user_id: number, time_zone: string) =>
  eventOf(UserRegistered, { user_id, email: 'a@b.example', registration_timestamp: new Date('2026-11-21T12:00:00Z'), time_zone });
const updated = (user_id: number, updated_fields: Record<string, string>) => eventOf(UserProfileUpdated, { user_id, updated_fields, previous_values: { ...updated_fields } });
const next = async (sequence: string) => Number((await bench.database.query<{ id: string }>(`SELECT nextval('${sequence}') AS id`)).rows[0]?.id);

describe('E-1, E-2: the time zone of a person', () => {
  it('is the one last told; a name that nobody knows changes nothing; before any it is UTC', async () => {
    expect(await timeZoneOf(bench.database, 1)).toBe('UTC');
    await bench.handle(new RememberTimeZoneWhenUserRegistered(), registered(1, 'Europe/Berlin'));
    expect(await timeZoneOf(bench.database, 1)).toBe('Europe/Berlin');
    await bench.handle(new RememberTimeZoneWhenUserProfileUpdated(), updated(1, { bio: 'x' }), updated(1, { time_zone: 'Asia/Tokyo' }), updated(2, { time_zone: 'Mars/Olympus' }));
    expect(await timeZoneOf(bench.database, 2)).toBe('UTC');
    expect(await timeZoneOf(bench.database, 1)).toBe('Asia/Tokyo');
  });
});

const at = new Date('2026-11-21T12:00:00Z');
const create = (user_id: number, over: Record<string, unknown> = {}) =>
  bench.database.transaction({ keys: [String(user_id)] }, async (tx) => {
    const wish = newQuestBody.parse({ user_id, title: 'x', quest_type: 'side', ...over });
    const quest_id = await stream.nextId(tx);
    await stream.append(tx, null, createQuest({ quest_id, wish, prerequisitesOpen: wish.prerequisite_quest_ids.length > 0 }), ofCommand(at));
    return quest_id;
  });
const step = (user: number, questId: number, decide: (quest: Quest, at: Date) => QuestEvent[]) =>
  bench.database.transaction({ keys: [String(user)] }, async (tx) => {
    const loaded = await stream.load(tx, questId);
    if (!loaded) throw new Error('The quest is there.');
    await flow.append(tx, loaded, decide(loaded.quest, at), ofCommand(at));
  });
const statusOf = async (questId: number) => (await questById(bench.database, questId))?.status;
const triggered = (user_id: number, quest_id: number) =>
  eventOf(AutoCompletionTriggered, { user_id, quest_id, trigger_source: 'todoist', trigger_data: { sum: 5 }, completion_timestamp: at });
const whenTriggered = () => {
  const logger = { debug: () => undefined, info: (values: object) => void ignored.push(values), warn: () => undefined, error: () => undefined, child: () => logger };
  return new CompleteQuestWhenAutoCompletionTriggered(stream, flow, logger);
};

describe('Q-13: auto-completion', () => {
  it('F-4: completes the active quest, once, with auto_completed true and the cause', async () => {
    const quest = await create(11, { difficulty: 'hard' });
    const cause = triggered(11, quest);
    const raised = await bench.handle(whenTriggered(), cause, triggered(11, quest));
    expect(raised).toMatchObject([{ causationId: cause.eventId, correlationId: cause.correlationId, payload: { quest_id: quest, auto_completed: true, experience_reward: 100, completion_timestamp: at } }]);
    expect(raised).toHaveLength(1);
    expect(await statusOf(quest)).toBe('completed');
  });

  it('Q-11: opens the next in the chain', async () => {
    const parent = await create(12);
    const child = await create(12, { prerequisite_quest_ids: [parent] });
    const raised = await bench.handle(whenTriggered(), triggered(12, parent));
    expect(raised.map(({ type }) => type.name).sort()).toEqual(['QuestChainUnlocked', 'QuestCompleted', 'QuestStatusChanged']);
    expect(await statusOf(child)).toBe('active');
  });

  it.each(['draft', 'paused'])('a %s quest: remembered, and done at activation', async (status) => {
    const quest = await create(13, { status: status === 'draft' ? 'draft' : 'active' });
    if (status === 'paused') await step(13, quest, pauseQuest);
    const cause = triggered(13, quest);
    expect(await bench.handle(whenTriggered(), cause)).toEqual([]);
    expect(await statusOf(quest)).toBe(status);
    await step(13, quest, activateQuest);
    expect(await statusOf(quest)).toBe('completed');
    const all = [];
    for await (const event of bench.eventLog.readAll()) if (event.causationId === cause.eventId) all.push(event.payload);
    expect(all).toMatchObject([{ quest_id: quest, auto_completed: true }]);
  });

  it('unknown, foreign and finished quests: ignored with a log line', async () => {
    const foreign = await create(15);
    const done = await create(14);
    await bench.handle(whenTriggered(), triggered(14, done));
    ignored = [];
    expect(await bench.handle(whenTriggered(), triggered(14, 999_999), triggered(14, foreign), triggered(14, done))).toEqual([]);
    expect(ignored).toMatchObject([{ quest_id: 999_999 }, { quest_id: foreign }, { quest_id: done, reason: 'is completed' }]);
    expect(await statusOf(foreign)).toBe('active');
  });
});

describe('Q-16: a recommendation', () => {
  const recommended = (user_id: number, recommendation_id: number, action: string) =>
    eventOf(RecommendationCreated, {
      user_id, recommendation_id, recommendation_type: 'health', action, priority: 'low', expected_impact: 'positive', expiry_timestamp: new Date('2030-01-01T00:00:00Z'),
    });

  it('becomes a draft of type side, easy, told by E-9, once for each recommendation', async () => {
    const reaction = new DraftQuestWhenRecommendationCreated(stream);
    const raised = await bench.handle(reaction, recommended(21, 1, 'Walk a little'));
    expect(raised.map(({ payload }) => payload)).toMatchObject([{ title: 'Walk a little', quest_type: 'side', difficulty: 'easy', status: 'draft' }, { description: '' }]);
    await bench.handle(reaction, recommended(21, 1, 'Walk a little'));
    await bench.handle(reaction, recommended(21, 2, `${'x'.repeat(199)}𝒳`));
    const drafts = await questsOf(bench.database, 21, { limit: 50, offset: 0 });
    expect(drafts.map(({ title, status }) => [title, status])).toEqual([['Walk a little', 'draft'], ['x'.repeat(199), 'draft']]);
  });
});

describe('a rebuilt service', () => {
  it('gives no quest id or habit id twice, the very first neither', async () => {
    const quest = (quest_id: number) => eventOf(QuestCreated, { user_id: 1, quest_id, quest_type: 'main', title: 'x', difficulty: 'easy', experience_reward: 1 });
    await bench.database.query('ALTER SEQUENCE quest_ids RESTART');
    await bench.handle(new ReserveQuestIdWhenQuestCreated(), quest(1));
    expect(await next('quest_ids')).toBe(2);
    await bench.handle(new ReserveHabitIdWhenHabitCreated(), eventOf(HabitCreated, { user_id: 1, habit_id: 41, name: 'x', frequency: 'daily', experience_reward: 1 }));
    expect(await next('habit_ids')).toBe(42);
  });
});
