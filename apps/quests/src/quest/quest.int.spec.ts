import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openServiceBench, type ServiceBench } from '@lifeos/app-testing';
import { quests } from '../quests.module.js';

let bench: ServiceBench;
let person = 0;
beforeAll(async () => {
  bench = await openServiceBench(quests);
});
afterAll(() => bench.close());

const create = async (user_id: number, over: Record<string, unknown> = {}) => {
  const { status, body } = await bench.call('/quests', {
    method: 'POST', as: user_id, body: { user_id, title: 'Run a marathon', quest_type: 'main', ...over },
  });
  expect(status).toBe(201);
  return body as { quest_id: number; status: string };
};
const complete = (quest_id: number, as: number | undefined, role: 'user' | 'operator' = 'user') =>
  bench.call(`/quests/${quest_id}/complete`, { method: 'PUT', role, ...(as === undefined ? {} : { as }) });
const eventsOf = async (user: number) =>
  (await bench.events()).filter(({ key }) => key === String(user)).map(({ type, payload }) => [type.name, payload] as const);

describe('R-8: POST /quests', () => {
  it('Q-5: answers the quest and publishes E-9; what only the service knows is kept beside it', async () => {
    const user = ++person;
    const quest = await create(user, { description: 'All of it', difficulty: 'hard', due_date: '2026-12-31' });
    expect(quest).toMatchObject({
      user_id: user, title: 'Run a marathon', description: 'All of it', quest_type: 'main', difficulty: 'hard', experience_reward: 150,
      status: 'active', start_date: null, due_date: '2026-12-31', prerequisite_quest_ids: [], completed_at: null,
    });
    expect(await eventsOf(user)).toEqual([
      ['QuestCreated', {
        user_id: user, quest_id: quest.quest_id, quest_type: 'main', title: 'Run a marathon', difficulty: 'hard', experience_reward: 150,
        status: 'active', due_date: '2026-12-31', auto_completion_rules: [],
      }],
      ['QuestDetailsRecorded', expect.objectContaining({ quest_id: quest.quest_id, description: 'All of it' })],
    ]);
  });

  it('names every fault at once and stores nothing', async () => {
    const user = ++person;
    const { status, body } = await bench.call('/quests', {
      method: 'POST', as: user,
      body: { user_id: user, title: 'x'.repeat(201), quest_type: 'hourly', difficulty: 3, experience_reward: -1, start_date: '2026-03-01', due_date: '2026-02-28', colour: 'red' },
    });
    expect(status).toBe(400);
    expect(body).toMatchObject({ error: 'invalid' });
    const fields = (body['details'] as { field: string }[]).map(({ field }) => field);
    expect(fields.sort()).toEqual(['colour', 'difficulty', 'experience_reward', 'quest_type', 'start_date', 'title']);
    expect(await eventsOf(user)).toEqual([]);
    expect((await bench.call(`/quests/${user}`, { as: user })).body).toEqual({ quests: [] });
  });

  it.each([
    ['no body', undefined],
    ['an empty object', {}],
    ['a list', []],
    ['a title of the wrong type', { title: 5, quest_type: 'main' }],
    ['text that PostgreSQL cannot hold', { title: 'a\0b', quest_type: 'main' }],
    ['a lone surrogate', { title: 'a\ud800b', quest_type: 'main' }],
  ])('refuses %s', async (_what, body) => {
    const user = ++person;
    const named = body && !Array.isArray(body) ? { user_id: user, ...body } : body;
    expect(await bench.call('/quests', { method: 'POST', as: user, body: named })).toMatchObject({ status: 400, body: { error: 'invalid' } });
    expect(await eventsOf(user)).toEqual([]);
  });

  it.each([['"'.repeat(200)], ['𝒳'.repeat(100)], ['日'.repeat(200)]])('Q-3: takes a title of 200 characters of any kind', async (title) => {
    expect(await create(++person, { title })).toMatchObject({ title });
  });

  it('Q-5: open prerequisites make it a draft; done ones do not', async () => {
    const user = ++person;
    const { quest_id } = await create(user);
    expect(await create(user, { prerequisite_quest_ids: [quest_id] })).toMatchObject({ status: 'draft', prerequisite_quest_ids: [quest_id] });
    await complete(quest_id, user);
    expect(await create(user, { prerequisite_quest_ids: [quest_id] })).toMatchObject({ status: 'active' });
  });

  it("Q-12: a prerequisite or parent must be the person's own", async () => {
    const user = ++person;
    const { quest_id } = await create(++person);
    const body = { user_id: user, title: 'x', quest_type: 'side', prerequisite_quest_ids: [quest_id], parent_quest_id: 2 ** 40 };
    const answer = await bench.call('/quests', { method: 'POST', as: user, body });
    expect(answer.status).toBe(400);
    expect(answer.body['details']).toMatchObject([{ field: 'prerequisite_quest_ids.0' }, { field: 'parent_quest_id' }]);
    expect(await eventsOf(user)).toEqual([]);
  });

  it('D-9: 401 without a token, 403 for another person', async () => {
    const body = { user_id: ++person, title: 'x', quest_type: 'side' };
    expect((await bench.call('/quests', { method: 'POST', body })).status).toBe(401);
    expect((await bench.call('/quests', { method: 'POST', as: person + 1, body })).status).toBe(403);
    expect(await eventsOf(person)).toEqual([]);
  });
});

describe('R-8: GET /quests/{user_id}', () => {
  it('Q-15: can be asked by type and status', async () => {
    const user = ++person;
    const main = await create(user);
    const side = await create(user, { quest_type: 'side' });
    const draft = await create(user, { quest_type: 'side', status: 'draft' });
    await complete(main.quest_id, user);
    const listed = async (query: string) => {
      const { body } = await bench.call(`/quests/${user}${query}`, { as: user });
      return (body['quests'] as { quest_id: number }[]).map(({ quest_id }) => quest_id);
    };
    expect(await listed('')).toEqual([main.quest_id, side.quest_id, draft.quest_id]);
    expect(await listed('?type=side')).toEqual([side.quest_id, draft.quest_id]);
    expect(await listed('?status=active')).toEqual([side.quest_id]);
    expect(await listed('?type=main&status=completed')).toEqual([main.quest_id]);
    expect(await listed('?type=daily')).toEqual([]);
  });

  it.each(['?type=hourly', '?status=done', '?sort=asc', '?type=side&type=main'])('refuses %s', async (query) => {
    expect((await bench.call(`/quests/1${query}`, { as: 1 })).status).toBe(400);
  });

  it('D-9: 401 without a token, 403 for another person, 400 for what is no id', async () => {
    expect((await bench.call('/quests/1')).status).toBe(401);
    expect((await bench.call('/quests/1', { as: 2 })).status).toBe(403);
    expect((await bench.call('/quests/0', { as: 1 })).status).toBe(400);
  });
});

describe('R-9: PUT /quests/{quest_id}/complete', () => {
  it('Q-4, Q-7: completes the quest and publishes E-10', async () => {
    const user = ++person;
    const { quest_id } = await create(user, { difficulty: 'medium', experience_reward: 25 });
    const { status, body } = await complete(quest_id, user);
    expect(status).toBe(200);
    expect(body).toMatchObject({ quest_id, status: 'completed', completed_at: expect.any(String) });
    expect((await eventsOf(user)).at(-1)).toEqual([
      'QuestCompleted',
      { user_id: user, quest_id, quest_type: 'main', experience_reward: 37, completion_timestamp: new Date(String(body['completed_at'])), auto_completed: false },
    ]);
  });

  it('Q-7: a second time is a conflict without an event', async () => {
    const user = ++person;
    const { quest_id } = await create(user);
    await complete(quest_id, user);
    expect(await complete(quest_id, user)).toMatchObject({ status: 409, body: { error: 'illegal_quest_step', message: expect.stringContaining(`Quest ${quest_id}`) } });
    expect((await eventsOf(user)).filter(([name]) => name === 'QuestCompleted')).toHaveLength(1);
  });

  it('Q-7: of many at once exactly one completes', async () => {
    const user = ++person;
    const { quest_id } = await create(user);
    const answers = await Promise.all(Array.from({ length: 8 }, () => complete(quest_id, user)));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409, 409, 409, 409, 409, 409]);
    expect((await eventsOf(user)).filter(([name]) => name === 'QuestCompleted')).toHaveLength(1);
  });

  it('401 without a token, 403 for a foreign quest, 404 for none, 400 for what is no id', async () => {
    const user = ++person;
    const { quest_id } = await create(user);
    expect((await complete(quest_id, undefined)).status).toBe(401);
    expect((await complete(quest_id, ++person)).status).toBe(403);
    expect(await complete(2 ** 40, user)).toMatchObject({ status: 404, body: { error: 'quest_not_found' } });
    expect((await bench.call('/quests/one/complete', { method: 'PUT', as: user })).status).toBe(400);
    expect((await eventsOf(user)).map(([name]) => name)).not.toContain('QuestCompleted');
  });

  it('D-9: an operator may act for a person; the event stays the person’s', async () => {
    const user = ++person;
    const { quest_id } = await create(user);
    expect((await complete(quest_id, ++person, 'operator')).status).toBe(200);
    expect((await eventsOf(user)).at(-1)?.[1]).toMatchObject({ user_id: user });
  });
});

describe('R-10: the other steps', () => {
  it('Q-5: pause, activate, fail and retry publish what happened', async () => {
    const user = ++person;
    const { quest_id } = await create(user, { quest_type: 'side' });
    const step = (name: string, body?: unknown) => bench.call(`/quests/${quest_id}/${name}`, { method: 'PUT', as: user, body });
    expect((await step('pause')).body).toMatchObject({ status: 'paused' });
    expect((await step('complete')).status).toBe(409);
    expect((await step('activate')).body).toMatchObject({ status: 'active' });
    expect((await step('fail', {})).status).toBe(400);
    expect((await step('fail', { reason: 'abandoned' })).body).toMatchObject({ status: 'failed', failure_reason: 'abandoned' });
    expect((await step('activate')).body).toMatchObject({ status: 'active', failed_at: null, failure_reason: null });
    expect((await eventsOf(user)).slice(2)).toMatchObject([
      ['QuestStatusChanged', { previous_status: 'active', new_status: 'paused' }],
      ['QuestStatusChanged', { previous_status: 'paused', new_status: 'active' }],
      ['QuestFailed', { failure_reason: 'abandoned' }],
      ['QuestStatusChanged', { previous_status: 'failed', new_status: 'active' }],
    ]);
  });
});
