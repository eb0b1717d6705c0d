import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openServiceBench, type ServiceBench } from '@lifeos/app-testing';
import { stats } from '../stats.module.js';

let bench: ServiceBench;
let person = 0;
beforeAll(async () => {
  bench = await openServiceBench(stats);
});
afterAll(() => bench.close());

const fresh = { strength: 10, endurance: 10, agility: 10, intelligence: 10, wisdom: 10, charisma: 10 };
const show = (user: number, as: number | undefined = user) => bench.call(`/stats/core-stats/${user}`, { as });
const put = (user: number, body: unknown, as = user) => bench.call(`/stats/core-stats/${user}`, { method: 'PUT', as, body });
const eventsOf = async (user: number) => (await bench.events()).filter(({ key }) => key === String(user));

describe('R-1: GET /stats/core-stats/{user_id}', () => {
  it('S-1: makes the six at the first read, also when two come at once', async () => {
    const user = ++person;
    const answers = await Promise.all([show(user), show(user), show(user)]);
    for (const { status, body } of answers) {
      expect(status).toBe(200);
      expect(body).toEqual({ user_id: user, core_stats: fresh, experience_points: 0, level: 1, stat_total: 60, stat_average: 10 });
    }
    expect(await eventsOf(user)).toEqual([]);
  });

  it('D-9: 401 without a token, 403 for another person, 400 for what is no id', async () => {
    expect((await bench.call('/stats/core-stats/1')).status).toBe(401);
    expect((await show(1, 2)).status).toBe(403);
    expect((await bench.call('/stats/core-stats/me', { as: 1 })).status).toBe(400);
  });
});

describe('R-2: PUT /stats/core-stats/{user_id}', () => {
  it.each([1, 100])('S-2: takes %i, writes the history and publishes E-5', async (value) => {
    const user = ++person;
    const { status, body } = await put(user, { stat_name: 'wisdom', value });
    expect(status).toBe(200);
    expect(body).toMatchObject({ core_stats: { ...fresh, wisdom: value }, stat_total: 50 + value });
    expect((await eventsOf(user)).slice(0, 1)).toMatchObject([
      { type: { name: 'CoreStatUpdated' }, payload: { user_id: user, stat_name: 'wisdom', previous_value: 10, new_value: value, source: 'manual' } },
    ]);
    const { rows } = await bench.database.query('SELECT old_value, new_value, reason FROM stat_history WHERE user_id = $1', [user]);
    expect(rows).toEqual([{ old_value: '10', new_value: String(value), reason: 'manual' }]);
  });

  it('S-11, S-13: each milestone passed upward is told once, also after falling back', async () => {
    const user = ++person;
    for (const value of [41, 19, 60]) await put(user, { stat_name: 'wisdom', value });
    const told = (await eventsOf(user)).filter(({ type }) => type.name === 'StatMilestoneReached').map(({ payload }) => payload);
    expect(told).toEqual(
      [20, 40, 60].map((milestone_value) => ({ user_id: user, stat_type: 'core', stat_name: 'wisdom', milestone_value, milestone_type: 'level' })),
    );
  });

  it('S-3: an equal value publishes nothing', async () => {
    const user = ++person;
    expect((await put(user, { stat_name: 'wisdom', value: 10 })).body).toMatchObject({ core_stats: fresh });
    expect(await eventsOf(user)).toEqual([]);
  });

  it.each([
    [{ stat_name: 'wisdom', value: 0 }, ['value']],
    [{ stat_name: 'wisdom', value: 101 }, ['value']],
    [{ stat_name: 'wisdom', value: 1.5 }, ['value']],
    [{ stat_name: 'luck', value: '5' }, ['stat_name', 'value']],
    [{}, ['stat_name', 'value']],
  ])('S-2: refuses %j and changes nothing', async (body, fields) => {
    const user = ++person;
    const answer = await put(user, body);
    expect(answer.status).toBe(400);
    expect((answer.body['details'] as { field: string }[]).map(({ field }) => field)).toEqual(fields);
    expect(await eventsOf(user)).toEqual([]);
  });

  it("D-9: 403 for another person's stats", async () => {
    expect((await put(++person, { stat_name: 'wisdom', value: 5 }, person + 1)).status).toBe(403);
  });
});
