import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openServiceBench, type ServiceBench } from '@lifeos/app-testing';
import { MovableClock } from '@lifeos/service';
import { quests } from '../quests.module.js';

let bench: ServiceBench;
let free: ServiceBench;
let person = 0;
const clock = new MovableClock();
beforeAll(async () => {
  bench = await openServiceBench(quests, { clock });
  free = await openServiceBench(quests, { environment: { QUESTS_TIER: 'free' } });
});
afterAll(() => Promise.all([bench.close(), free.close()]));

const create = async (user_id: number, over: Record<string, unknown> = {}, on = bench) => {
  const { status, body } = await on.call('/quests', { method: 'POST', as: user_id, body: { user_id, title: 'Base camp', quest_type: 'side', ...over } });
  expect(status).toBe(201);
  return body as { quest_id: number; status: string; days_left: number | null };
};
const put = (questId: number, step: string, as: number, on = bench) => on.call(`/quests/${questId}/${step}`, { method: 'PUT', as, ...(step === 'fail' ? { body: { reason: 'x' } } : {}) });
const patch = (questId: number, as: number, body: unknown) => bench.call(`/quests/${questId}`, { method: 'PATCH', as, body });
const listed = async (user: number, query = '') => (await bench.call(`/quests/${user}${query}`, { as: user })).body['quests'] as Record<string, unknown>[];
const statusOf = async (user: number, questId: number) => (await listed(user)).find((quest) => quest['quest_id'] === questId)?.['status'];
const eventsOf = async (user: number, name: string, on = bench) =>
  (await on.events()).filter(({ key, type }) => key === String(user) && type.name === name).map(({ payload }) => payload);
const sweep = (day: string) => bench.call('/operator/jobs/fail-overdue-quests/run', { method: 'POST', as: 1, role: 'operator', body: { day } });

describe('Q-11: chains', () => {
  it('F-8: E-12 lists the quests that a completion opens, beside an X-E-2 for each', async () => {
    const user = ++person;
    const parent = await create(user, { chain_name: 'Everest' });
    const child = await create(user, { parent_quest_id: parent.quest_id, status: 'draft' });
    const next = await create(user, { prerequisite_quest_ids: [parent.quest_id] });
    await put(parent.quest_id, 'complete', user);
    const ids = [child.quest_id, next.quest_id];
    expect(await eventsOf(user, 'QuestChainUnlocked')).toEqual([{ user_id: user, parent_quest_id: parent.quest_id, unlocked_quest_ids: ids, chain_name: 'Everest' }]);
    expect(await eventsOf(user, 'QuestStatusChanged')).toMatchObject(ids.map((quest_id) => ({ quest_id, previous_status: 'draft', new_status: 'active' })));
    for (const id of ids) expect(await statusOf(user, id)).toBe('active');
  });

  it("Q-12: without a name the chain is called by the parent's title", async () => {
    const user = ++person;
    const parent = await create(user);
    await create(user, { prerequisite_quest_ids: [parent.quest_id] });
    await put(parent.quest_id, 'complete', user);
    expect(await eventsOf(user, 'QuestChainUnlocked')).toMatchObject([{ chain_name: 'Base camp' }]);
  });

  it('waits until all prerequisites are completed; two completed at once open it once', async () => {
    const user = ++person;
    const one = await create(user);
    const two = await create(user);
    const three = await create(user);
    const child = await create(user, { prerequisite_quest_ids: [one.quest_id, two.quest_id, three.quest_id] });
    await put(one.quest_id, 'complete', user);
    expect(await statusOf(user, child.quest_id)).toBe('draft');
    await Promise.all([put(two.quest_id, 'complete', user), put(three.quest_id, 'complete', user)]);
    expect(await statusOf(user, child.quest_id)).toBe('active');
    expect(await eventsOf(user, 'QuestChainUnlocked')).toMatchObject([{ unlocked_quest_ids: [child.quest_id] }]);
    expect(await eventsOf(user, 'QuestStatusChanged')).toHaveLength(1);
  });

  it('opens nothing that is no draft, and nothing when a quest fails', async () => {
    const user = ++person;
    const parent = await create(user);
    await create(user, { parent_quest_id: parent.quest_id });
    const draft = await create(user, { prerequisite_quest_ids: [parent.quest_id] });
    await put(parent.quest_id, 'fail', user);
    expect(await statusOf(user, draft.quest_id)).toBe('draft');
    expect(await eventsOf(user, 'QuestChainUnlocked')).toEqual([]);
  });

  it('Q-12: a quest cannot depend on itself, directly or not', async () => {
    const user = ++person;
    const one = await create(user);
    const two = await create(user, { prerequisite_quest_ids: [one.quest_id] });
    const three = await create(user, { parent_quest_id: two.quest_id });
    for (const change of [{ prerequisite_quest_ids: [one.quest_id] }, { parent_quest_id: one.quest_id }, { prerequisite_quest_ids: [three.quest_id] }, { parent_quest_id: two.quest_id }]) {
      expect(await patch(one.quest_id, user, change)).toMatchObject({ status: 400, body: { details: [{ message: expect.stringContaining('depend on itself') }] } });
    }
    expect(await patch(three.quest_id, user, { prerequisite_quest_ids: [one.quest_id] })).toMatchObject({ status: 200, body: { prerequisite_quest_ids: [one.quest_id] } });
  });
});

describe('Q-17: tiers', () => {
  it('free allows three active quests: a fourth is refused with 403, a draft is not, a place that is free can be taken', async () => {
    const user = ++person;
    const [first] = [await create(user, {}, free), await create(user, {}, free), await create(user, {}, free)];
    const body = { user_id: user, title: 'x', quest_type: 'side' };
    expect(await free.call('/quests', { method: 'POST', as: user, body })).toMatchObject({ status: 403, body: { error: 'too_many_active_quests' } });
    const draft = await create(user, { status: 'draft' }, free);
    expect((await put(draft.quest_id, 'activate', user, free)).status).toBe(403);
    await put(first?.quest_id ?? 0, 'pause', user, free);
    expect((await put(draft.quest_id, 'activate', user, free)).status).toBe(200);
    expect((await put(first?.quest_id ?? 0, 'activate', user, free)).status).toBe(403);
    expect((await eventsOf(user, 'QuestCreated', free))).toHaveLength(4);
  });

  it('Q-11: on free a completion opens no more quests than there is room for; the others stay drafts', async () => {
    const user = ++person;
    const parent = await create(user, {}, free);
    const prerequisite_quest_ids = [parent.quest_id];
    await create(user, {}, free);
    const [first, second, third] = [await create(user, { prerequisite_quest_ids }, free), await create(user, { prerequisite_quest_ids }, free), await create(user, { prerequisite_quest_ids }, free)];
    await put(parent.quest_id, 'complete', user, free);
    expect(await eventsOf(user, 'QuestChainUnlocked', free)).toMatchObject([{ unlocked_quest_ids: [first.quest_id, second.quest_id] }]);
    expect((await put(third.quest_id, 'activate', user, free)).status).toBe(403);
  });

  it('premium, the default, allows more', async () => {
    const user = ++person;
    for (let count = 0; count < 5; count += 1) expect(await create(user)).toMatchObject({ status: 'active' });
  });
});

describe('Q-9, Q-10: overdue quests', () => {
  it("Q-9: are marked by the person's own day", async () => {
    const user = ++person;
    await bench.database.query('INSERT INTO time_zones VALUES ($1, $2)', [user, 'Pacific/Auckland']);
    clock.set(new Date('2026-11-20T12:00:00Z'));
    await create(user, { due_date: '2026-11-20' });
    await create(user, { due_date: '2026-11-23' });
    await create(user, { due_date: '2026-11-24' });
    expect(await listed(user)).toMatchObject([
      { days_left: -1, overdue: true, near: false }, { days_left: 2, overdue: false, near: true }, { days_left: 3, overdue: false, near: false },
    ]);
  });

  it('Q-10: the sweep fails daily and weekly ones, once, with reason timeout; others are left', async () => {
    const user = ++person;
    clock.set(new Date('2026-11-22T12:00:00Z'));
    const due_date = '2026-11-21';
    const daily = await create(user, { quest_type: 'daily', due_date });
    const weekly = await create(user, { quest_type: 'weekly', due_date: '2026-11-01' });
    const main = await create(user, { quest_type: 'main', due_date });
    const open = await create(user, { quest_type: 'daily', due_date: '2026-11-22' });
    const done = await create(user, { quest_type: 'daily', due_date });
    await put(done.quest_id, 'complete', user);
    expect((await sweep(due_date)).status).toBe(200);
    await sweep(due_date);
    expect(await eventsOf(user, 'QuestFailed')).toMatchObject([{ quest_id: daily.quest_id, failure_reason: 'timeout' }, { quest_id: weekly.quest_id, failure_reason: 'timeout' }]);
    expect(await statusOf(user, main.quest_id)).toBe('active');
    expect(await statusOf(user, open.quest_id)).toBe('active');
    await put(daily.quest_id, 'activate', user);
    await sweep(due_date);
    expect(await eventsOf(user, 'QuestFailed')).toHaveLength(3);
  });

  it('Q-10: a day is not over before it is over where the person lives', async () => {
    const user = ++person;
    await bench.database.query('INSERT INTO time_zones VALUES ($1, $2)', [user, 'America/Los_Angeles']);
    clock.set(new Date('2026-11-22T07:59:00Z'));
    const { quest_id } = await create(user, { quest_type: 'daily', due_date: '2026-11-21' });
    await sweep('2026-11-21');
    expect(await statusOf(user, quest_id)).toBe('active');
    clock.set(new Date('2026-11-22T08:00:00Z'));
    await sweep('2026-11-21');
    expect(await statusOf(user, quest_id)).toBe('failed');
  });
});

describe('R-25, Q-15: GET /quests/statistics/{user_id}', () => {
  it('tells the share of the last 30 days, 0 when nothing was created', async () => {
    const user = ++person;
    const statistics = async () => (await bench.call(`/quests/statistics/${user}`, { as: user })).body;
    expect(await statistics()).toMatchObject({ completion_rate: 0, created_30_days: 0 });
    clock.set(new Date('2026-10-22T12:00:00Z'));
    const old = await create(user);
    await put(old.quest_id, 'complete', user);
    clock.set(new Date('2026-11-21T12:00:01Z'));
    const recent = await create(user);
    await create(user);
    await put(recent.quest_id, 'complete', user);
    expect(await statistics()).toEqual({
      user_id: user, created_30_days: 2, completed_30_days: 1, completion_rate: 0.5, by_status: { draft: 0, active: 1, paused: 0, completed: 2, failed: 0 },
    });
    expect((await bench.call(`/quests/statistics/${user}`, { as: ++person })).status).toBe(403);
  });

  it('R-8: lists are paged', async () => {
    const user = ++person;
    const ids = [await create(user), await create(user), await create(user)].map(({ quest_id }) => quest_id);
    expect((await listed(user, '?limit=2&offset=1')).map((quest) => quest['quest_id'])).toEqual(ids.slice(1));
    expect((await bench.call(`/quests/${user}?limit=201`, { as: user })).status).toBe(400);
  });
});

describe('R-26: PATCH and DELETE /quests/{quest_id}', () => {
  const rules = [{ source: 'todoist', metric: 'task.completed', operator: '>=', threshold: 5 }];

  it('X-E-5, Q-14: a change is told with the rules; none is not; then the quest is gone', async () => {
    const user = ++person;
    const { quest_id } = await create(user, { description: 'kept' });
    expect(await patch(quest_id, user, { title: 'Summit', due_date: '2028-02-29', auto_completion_rules: rules })).toMatchObject({
      status: 200, body: { title: 'Summit', due_date: '2028-02-29', auto_completion_rules: rules, description: 'kept' },
    });
    expect((await patch(quest_id, user, { title: 'Summit' })).status).toBe(200);
    expect((await bench.call(`/quests/${quest_id}`, { method: 'DELETE', as: user })).status).toBe(204);
    const last = { user_id: user, quest_id, title: 'Summit', due_date: '2028-02-29', auto_completion_rules: rules };
    expect(await eventsOf(user, 'QuestChanged')).toEqual([{ ...last, deleted: false }, { ...last, deleted: true }]);
    expect(await listed(user)).toEqual([]);
    expect((await put(quest_id, 'complete', user)).status).toBe(404);
    expect((await patch(quest_id, user, { title: 'x' })).status).toBe(404);
  });

  it('refuses what does not fit, names the faults, changes nothing', async () => {
    const user = ++person;
    const { quest_id } = await create(user, { due_date: '2026-12-01' });
    expect(await patch(quest_id, user, { start_date: '2026-12-02' })).toMatchObject({ status: 400, body: { details: [{ field: 'start_date' }] } });
    expect(await patch(quest_id, user, { title: '', colour: 'red' })).toMatchObject({ status: 400 });
    expect((await patch(quest_id, user, {})).status).toBe(400);
    expect((await patch(quest_id, user, { prerequisite_quest_ids: [2 ** 40] })).status).toBe(400);
    expect((await patch(quest_id, ++person, { title: 'x' })).status).toBe(403);
    expect((await bench.call(`/quests/${quest_id}`, { method: 'DELETE', as: person })).status).toBe(403);
    expect(await eventsOf(user, 'QuestChanged')).toEqual([]);
  });

  it('Q-11: a deleted prerequisite is not waited for', async () => {
    const user = ++person;
    const gone = await create(user);
    const parent = await create(user);
    const child = await create(user, { prerequisite_quest_ids: [gone.quest_id, parent.quest_id] });
    await bench.call(`/quests/${gone.quest_id}`, { method: 'DELETE', as: user });
    await put(parent.quest_id, 'complete', user);
    expect(await statusOf(user, child.quest_id)).toBe('active');
  });
});
