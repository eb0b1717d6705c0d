import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openServiceBench, type ServiceBench } from '@lifeos/app-testing';
import { MovableClock } from '@lifeos/service';
import { quests } from '../quests.module.js';

let bench: ServiceBench;
let person = 0;
const clock = new MovableClock();
beforeAll(async () => {
  bench = await openServiceBench(quests, { clock });
});
afterAll(() => bench.close());

const at = (instant: string): void => clock.set(new Date(instant));
const create = async (user_id: number, over: Record<string, unknown> = {}): Promise<number> => {
  const { status, body } = await bench.call('/quests/habits', { method: 'POST', as: user_id, body: { user_id, name: 'Run', frequency: 'daily', ...over } });
  expect(status).toBe(201);
  return Number(body['habit_id']);
};
const complete = (habitId: number, as: number, body: Record<string, unknown> = {}) => bench.call(`/quests/habits/${habitId}/complete`, { method: 'POST', as, body });
const habitsOf = async (user: number, query = '') => (await bench.call(`/quests/habits/${user}${query}`, { as: user })).body['habits'] as Record<string, unknown>[];
const sweep = (day: string) => bench.call('/operator/jobs/break-missed-streaks/run', { method: 'POST', as: 1, role: 'operator', body: { day } });
const eventsOf = async (user: number) => (await bench.events()).filter(({ key }) => key === String(user)).map(({ type, payload }) => [type.name, payload] as const);
const livesIn = (user: number, zone: string) => bench.database.query('INSERT INTO time_zones VALUES ($1, $2)', [user, zone]);

describe('R-11: POST and GET /quests/habits', () => {
  it('X-E-1: a new habit is told of and listed', async () => {
    at('2026-11-21T10:00:00Z');
    const user = ++person;
    const habit_id = await create(user, { target_count: 3 });
    expect(await eventsOf(user)).toEqual([['HabitCreated', { user_id: user, habit_id, name: 'Run', frequency: 'daily', experience_reward: 10 }]]);
    expect(await habitsOf(user)).toMatchObject([
      { habit_id, user_id: user, name: 'Run', frequency: 'daily', target_count: 3, experience_reward: 10, current_streak: 0, longest_streak: 0, last_completed: null, consistency: 0, history: [] },
    ]);
  });

  it('is paged', async () => {
    const user = ++person;
    const ids = [await create(user), await create(user), await create(user)];
    expect((await habitsOf(user, '?limit=2')).map((habit) => habit['habit_id'])).toEqual(ids.slice(0, 2));
    expect((await habitsOf(user, '?limit=2&offset=2')).map((habit) => habit['habit_id'])).toEqual(ids.slice(2));
    for (const query of ['?limit=0', '?limit=201', '?offset=-1']) expect((await bench.call(`/quests/habits/${user}${query}`, { as: user })).status).toBe(400);
  });

  it('D-9: 401 without a token, 403 for another person; 400 names every fault', async () => {
    const body = { user_id: ++person, name: 'x'.repeat(101), frequency: 'hourly', target_count: 1001 };
    expect((await bench.call('/quests/habits', { method: 'POST', body })).status).toBe(401);
    expect((await bench.call('/quests/habits', { method: 'POST', as: person + 1, body })).status).toBe(403);
    const answer = await bench.call('/quests/habits', { method: 'POST', as: person, body });
    expect((answer.body['details'] as { field: string }[]).map(({ field }) => field).sort()).toEqual(['frequency', 'name', 'target_count']);
    expect(await eventsOf(person)).toEqual([]);
  });
});

describe('R-12: POST /quests/habits/{habit_id}/complete', () => {
  it('F-2, H-6, H-7: seven days make a week: E-13 each day, the seventh with its factor, and E-14', async () => {
    const user = ++person;
    at('2026-02-24T10:00:00Z');
    const habit_id = await create(user);
    for (let day = 24; day <= 30; day += 1) {
      at(new Date(Date.UTC(2026, 1, day, 10)).toISOString());
      expect((await complete(habit_id, user)).status).toBe(200);
    }
    const about = { user_id: user, habit_id, habit_name: 'Run' };
    const events = (await eventsOf(user)).slice(1);
    expect(events.map(([name]) => name)).toEqual([...Array<string>(7).fill('HabitCompleted'), 'HabitStreakAchieved']);
    expect(events[5]?.[1]).toEqual({ ...about, frequency: 'daily', completion_date: '2026-03-01', streak_count: 6, experience_reward: 10 });
    expect(events[6]?.[1]).toEqual({ ...about, frequency: 'daily', completion_date: '2026-03-02', streak_count: 7, experience_reward: 12 });
    expect(events[7]?.[1]).toEqual({ ...about, streak_count: 7, streak_type: 'week', bonus_experience: 10 });
    const [shown] = await habitsOf(user);
    expect(shown).toMatchObject({ current_streak: 7, longest_streak: 7, last_completed: '2026-03-02', consistency: 7 / 30 });
    expect((shown?.['history'] as { completion_date: string }[]).map((row) => row.completion_date)).toEqual([
      '2026-03-02', '2026-03-01', '2026-02-28', '2026-02-27', '2026-02-26', '2026-02-25', '2026-02-24',
    ]);
  });

  it('answers streak, XP and milestone, and keeps count and notes', async () => {
    const user = ++person;
    at('2026-11-21T10:00:00Z');
    const habit_id = await create(user, { target_count: 3 });
    const answer = await complete(habit_id, user, { count: 5, notes: 'Rain' });
    expect(answer).toEqual({ status: 200, body: { habit_id, completion_date: '2026-11-21', current_streak: 1, longest_streak: 1, experience_reward: 30, milestone: null } });
    expect((await habitsOf(user))[0]?.['history']).toEqual([{ completion_date: '2026-11-21', count: 5, notes: 'Rain', streak_count: 1, experience_reward: 30 }]);
  });

  it('H-4: of many at once one counts; the others are conflicts without an event', async () => {
    const user = ++person;
    const habit_id = await create(user);
    const answers = await Promise.all(Array.from({ length: 6 }, () => complete(habit_id, user)));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409, 409, 409, 409]);
    expect((await eventsOf(user)).filter(([name]) => name === 'HabitCompleted')).toHaveLength(1);
  });

  it('H-4: a day to come, or before the last completion, is refused and changes nothing', async () => {
    const user = ++person;
    at('2026-11-21T10:00:00Z');
    const habit_id = await create(user);
    expect(await complete(habit_id, user, { completion_date: '2026-11-22' })).toMatchObject({ status: 400, body: { details: [{ field: 'completion_date' }] } });
    await complete(habit_id, user);
    expect(await complete(habit_id, user, { completion_date: '2026-11-20' })).toMatchObject({ status: 409, body: { error: 'completion_out_of_order' } });
    expect((await eventsOf(user)).filter(([name]) => name === 'HabitCompleted')).toHaveLength(1);
  });

  it("the day is the person's own, on days of 23 and 25 hours too", async () => {
    const user = ++person;
    await livesIn(user, 'Europe/Berlin');
    at('2026-03-28T22:30:00Z');
    const habit_id = await create(user);
    const dayAt = async (instant: string) => {
      at(instant);
      const { body } = await complete(habit_id, user);
      return [body['completion_date'], body['current_streak']];
    };
    expect(await dayAt('2026-03-28T22:30:00Z')).toEqual(['2026-03-28', 1]);
    expect(await dayAt('2026-03-28T23:30:00Z')).toEqual(['2026-03-29', 2]);
    expect(await dayAt('2026-03-29T22:30:00Z')).toEqual(['2026-03-30', 3]);
    expect(await dayAt('2026-10-24T22:30:00Z')).toEqual(['2026-10-25', 1]);
    at('2026-10-25T22:30:00Z');
    expect((await complete(habit_id, user)).status).toBe(409);
    expect(await dayAt('2026-10-25T23:30:00Z')).toEqual(['2026-10-26', 2]);
    at('2026-10-25T23:30:00Z');
    expect((await complete(habit_id, user, { completion_date: '2026-10-27' })).status).toBe(400);
  });

  it('403 for a foreign habit, 404 for none, 400 for a wrong count', async () => {
    const user = ++person;
    const habit_id = await create(user);
    expect((await complete(habit_id, ++person)).status).toBe(403);
    expect(await complete(2 ** 40, user)).toMatchObject({ status: 404, body: { error: 'habit_not_found' } });
    expect((await complete(habit_id, user, { count: 0 })).status).toBe(400);
  });
});

describe('H-10: the daily sweep', () => {
  it('tells of a run whose day passed, once, and sets it to 0; a later completion tells nothing more', async () => {
    const user = ++person;
    at('2026-11-20T10:00:00Z');
    const habit_id = await create(user);
    await complete(habit_id, user);
    at('2026-11-22T12:00:00Z');
    await sweep('2026-11-20');
    expect((await habitsOf(user))[0]).toMatchObject({ current_streak: 1 });
    await sweep('2026-11-21');
    await sweep('2026-11-21');
    expect((await eventsOf(user)).slice(2)).toEqual([['HabitStreakBroken', { user_id: user, habit_id, habit_name: 'Run', previous_streak: 1, broken_date: '2026-11-21' }]]);
    expect((await habitsOf(user))[0]).toMatchObject({ current_streak: 0, longest_streak: 1 });
    expect((await complete(habit_id, user)).body).toMatchObject({ current_streak: 1 });
    expect((await eventsOf(user)).map(([name]) => name)).toEqual(['HabitCreated', 'HabitCompleted', 'HabitStreakBroken', 'HabitCompleted']);
  });

  it("H-5: without a sweep the next completion tells of the broken run; then the sweep has nothing to tell", async () => {
    const user = ++person;
    at('2026-11-20T10:00:00Z');
    const habit_id = await create(user);
    await complete(habit_id, user);
    at('2026-11-22T12:00:00Z');
    await complete(habit_id, user);
    await sweep('2026-11-21');
    expect((await eventsOf(user)).map(([name]) => name)).toEqual(['HabitCreated', 'HabitCompleted', 'HabitStreakBroken', 'HabitCompleted']);
  });

  it('waits until the day is over where the person lives', async () => {
    const user = ++person;
    await livesIn(user, 'America/Los_Angeles');
    at('2026-11-20T20:00:00Z');
    const habit_id = await create(user);
    await complete(habit_id, user);
    at('2026-11-22T07:59:00Z');
    await sweep('2026-11-21');
    expect((await habitsOf(user))[0]).toMatchObject({ current_streak: 1 });
    at('2026-11-22T08:00:00Z');
    await sweep('2026-11-21');
    expect((await habitsOf(user))[0]).toMatchObject({ current_streak: 0 });
  });
});

describe('R-26: PATCH and DELETE /quests/habits/{habit_id}', () => {
  it('X-E-6: a change is told once, no change is not; then the habit is gone', async () => {
    const user = ++person;
    const habit_id = await create(user);
    const patch = (body: unknown, as = user) => bench.call(`/quests/habits/${habit_id}`, { method: 'PATCH', as, body });
    expect(await patch({ name: 'Walk', frequency: 'weekly' })).toMatchObject({ status: 200, body: { name: 'Walk', frequency: 'weekly', target_count: 1 } });
    expect((await patch({ name: 'Walk' })).status).toBe(200);
    expect((await patch({})).status).toBe(400);
    expect((await patch({ name: 'x' }, ++person)).status).toBe(403);
    expect((await bench.call(`/quests/habits/${habit_id}`, { method: 'DELETE', as: person })).status).toBe(403);
    expect((await bench.call(`/quests/habits/${habit_id}`, { method: 'DELETE', as: user })).status).toBe(204);
    expect((await eventsOf(user)).slice(1)).toEqual([
      ['HabitChanged', { user_id: user, habit_id, name: 'Walk', frequency: 'weekly', deleted: false }],
      ['HabitChanged', { user_id: user, habit_id, name: 'Walk', frequency: 'weekly', deleted: true }],
    ]);
    expect(await habitsOf(user)).toEqual([]);
    for (const call of [patch({ name: 'x' }), complete(habit_id, user), bench.call(`/quests/habits/${habit_id}`, { method: 'DELETE', as: user })]) expect((await call).status).toBe(404);
  });
});
