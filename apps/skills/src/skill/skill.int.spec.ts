import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openServiceBench, type ServiceBench } from '@lifeos/app-testing';
import { MovableClock } from '@lifeos/service';
import { skills } from '../skills.module.js';

let bench: ServiceBench;
let person = 0;
const clock = new MovableClock();
beforeAll(async () => {
  bench = await openServiceBench(skills, { clock });
});
afterAll(() => bench.close());

const create = async (user_id: number, over: Record<string, unknown> = {}): Promise<number> => {
  const { status, body } = await bench.call('/skills', { method: 'POST', as: user_id, body: { user_id, name: 'Running', category: 'health', ...over } });
  expect(status).toBe(201);
  return Number(body['skill_id']);
};
const practise = (skillId: number, as: number | undefined, minutes: unknown = 60) =>
  bench.call(`/skills/${skillId}/practice`, { method: 'POST', body: { minutes }, ...(as === undefined ? {} : { as }) });
const standsAt = (skillId: number, total: number) => bench.database.query('UPDATE skills SET total_experience = $2 WHERE skill_id = $1', [skillId, total]);
const eventsOf = async (user: number) => (await bench.events()).filter(({ key }) => key === String(user)).map(({ type, payload }) => [type.name, payload] as const);
const listed = async (user: number, query = '') => (await bench.call(`/skills/${user}${query}`, { as: user })).body;

describe('R-13: GET and POST /skills', () => {
  it('K-1: a skill starts at level 1 with no XP; no event tells of it', async () => {
    const user = ++person;
    const skill_id = await create(user, { description: 'Slowly' });
    expect(await listed(user)).toMatchObject({
      skills: [{
        skill_id, user_id: user, name: 'Running', category: 'health', description: 'Slowly', level: 1, experience: 0, next_level_at: 1000, total_experience: 0,
        mastery_level: 'novice', total_practice_time: 0, last_practiced: null, prerequisites: [], locked: false,
      }],
    });
    expect(await eventsOf(user)).toEqual([]);
  });

  it('K-9: shows the three categories, empty at first', async () => {
    const user = ++person;
    const empty = ['health', 'wealth', 'social'].map((category) => ({ category, skills: 0 }));
    expect(await listed(user)).toEqual({ categories: empty, skills: [] });
    await create(user, { category: 'wealth' });
    expect((await listed(user))['categories']).toEqual([empty[0], { category: 'wealth', skills: 1 }, empty[2]]);
  });

  it('is paged', async () => {
    const user = ++person;
    const ids = [await create(user), await create(user), await create(user)];
    expect(((await listed(user, '?limit=1&offset=1'))['skills'] as { skill_id: number }[]).map(({ skill_id }) => skill_id)).toEqual([ids[1]]);
    expect((await bench.call(`/skills/${user}?limit=0`, { as: user })).status).toBe(400);
  });

  it.each<[string, Record<string, unknown>, string]>([
    ['K-1', { category: 'music' }, 'category'], ['K-1', { description: 'x'.repeat(1001) }, 'description'], ['R-13', { name: ' ' }, 'name'], ['R-13', { name: 'x'.repeat(101) }, 'name'],
    ['K-7', { prerequisites: [{ skill_id: 2 ** 40, level: 2 }] }, 'prerequisites.0.skill_id'], ['K-7', { prerequisites: [{ skill_id: 1, level: 101 }] }, 'prerequisites.0.level'],
  ])('%s: refuses %j', async (_rule, over, field) => {
    const user = ++person;
    const { status, body } = await bench.call('/skills', { method: 'POST', as: user, body: { user_id: user, name: 'x', category: 'health', ...over } });
    expect(status).toBe(400);
    expect(body['details']).toMatchObject([{ field }]);
    expect((await listed(user))['skills']).toEqual([]);
  });

  it('D-9: 401 without a token, 403 for another person', async () => {
    const body = { user_id: ++person, name: 'x', category: 'health' };
    expect((await bench.call('/skills', { method: 'POST', body })).status).toBe(401);
    expect((await bench.call('/skills', { method: 'POST', as: person + 1, body })).status).toBe(403);
    expect((await bench.call(`/skills/${person}`, { as: person + 1 })).status).toBe(403);
  });

  it('R-15: the categories', async () => {
    expect((await bench.call('/skills/categories', { as: 1 })).body).toEqual({ categories: ['health', 'wealth', 'social'] });
  });
});

describe('R-14: POST /skills/{skill_id}/practice', () => {
  it('K-4, K-5: gives XP, keeps minutes and time, and publishes E-16', async () => {
    const user = ++person;
    clock.set(new Date('2028-02-28T12:00:00Z'));
    const skill_id = await create(user);
    expect(await practise(skill_id, user)).toMatchObject({ status: 200, body: { experience_gained: 30, levels_gained: 0, efficiency: 1, level: 1, total_experience: 30, total_practice_time: 60 } });
    clock.set(new Date('2028-03-02T12:00:00Z'));
    expect((await practise(skill_id, user)).body).toMatchObject({ experience_gained: 27, efficiency: 0.9, total_experience: 57, total_practice_time: 120 });
    const [, second] = await eventsOf(user);
    expect(second).toEqual(['SkillPracticed', {
      user_id: user, skill_id, practice_duration: 60, experience_gained: 27, practice_timestamp: expect.any(Date), skill_name: 'Running', category: 'health',
    }]);
  });

  it('K-2, K-6: level and band follow, in this order, each once', async () => {
    const user = ++person;
    const skill_id = await create(user);
    await standsAt(skill_id, 57_207);
    const { body } = await practise(skill_id, user);
    const about = { user_id: user, skill_id, skill_name: 'Running' };
    expect(body).toMatchObject({ level: 21, levels_gained: 1, mastery_level: 'apprentice' });
    expect((await eventsOf(user)).map(([name]) => name)).toEqual(['SkillPracticed', 'SkillLevelUp', 'SkillMasteryAchieved']);
    expect((await eventsOf(user)).slice(1)).toEqual([
      ['SkillLevelUp', { ...about, previous_level: 20, new_level: 21, total_experience: 57_237, category: 'health' }],
      ['SkillMasteryAchieved', { ...about, mastery_level: 'apprentice', total_practice_time: 60, mastery_timestamp: expect.any(Date) }],
    ]);
  });

  it('K-3: at level 100 E-16 tells of 0 XP', async () => {
    const user = ++person;
    const skill_id = await create(user);
    await standsAt(skill_id, 2_000_000_000);
    expect((await practise(skill_id, user)).body).toMatchObject({ level: 100, experience_gained: 0, total_experience: 2_000_000_000, next_level_at: null });
    expect(await eventsOf(user)).toMatchObject([['SkillPracticed', { experience_gained: 0 }]]);
  });

  it('K-7: refuses a locked skill, opens it at the level asked for, and when the other is deleted', async () => {
    const user = ++person;
    const base = await create(user);
    const other = await create(user);
    const locked = await create(user, { prerequisites: [{ skill_id: base, level: 2 }, { skill_id: other, level: 2 }] });
    await standsAt(base, 999);
    expect(await practise(locked, user)).toMatchObject({ status: 409, body: { error: 'skill_locked', details: [{ skill_id: base, level: 2 }, { skill_id: other, level: 2 }] } });
    expect(await eventsOf(user)).toEqual([]);
    await standsAt(base, 1000);
    expect((await practise(locked, user)).status).toBe(409);
    await bench.call(`/skills/${other}`, { method: 'DELETE', as: user });
    expect((await practise(locked, user)).status).toBe(200);
  });

  it('of many at once none is lost', async () => {
    const user = ++person;
    const skill_id = await create(user);
    await Promise.all(Array.from({ length: 8 }, () => practise(skill_id, user)));
    expect((await listed(user))['skills']).toMatchObject([{ total_experience: 240, total_practice_time: 480 }]);
    expect(await eventsOf(user)).toHaveLength(8);
  });

  it.each([0, 1441, 1.5, '60', null])('refuses %j minutes', async (minutes) => {
    const user = ++person;
    expect(await practise(await create(user), user, minutes)).toMatchObject({ status: 400, body: { details: [{ field: 'minutes' }] } });
  });

  it('401 without a token, 403 for a foreign skill, 404 for none', async () => {
    const skill_id = await create(++person);
    expect((await practise(skill_id, undefined)).status).toBe(401);
    expect((await practise(skill_id, ++person)).status).toBe(403);
    expect(await practise(2 ** 40, person)).toMatchObject({ status: 404, body: { error: 'skill_not_found' } });
  });
});

describe('R-26: PATCH and DELETE /skills/{skill_id}', () => {
  it('changes name and description; then the skill is gone', async () => {
    const user = ++person;
    const skill_id = await create(user);
    const call = (method: 'PATCH' | 'DELETE', as: number, body?: unknown) => bench.call(`/skills/${skill_id}`, { method, as, body });
    expect((await call('PATCH', user, { name: 'Walking' })).body).toMatchObject({ name: 'Walking', description: '' });
    expect((await call('PATCH', user, {})).status).toBe(400);
    expect((await call('PATCH', user, { category: 'wealth' })).status).toBe(400);
    expect((await call('PATCH', ++person, { name: 'x' })).status).toBe(403);
    expect((await call('DELETE', person)).status).toBe(403);
    expect((await call('DELETE', user)).status).toBe(204);
    expect((await call('DELETE', user)).status).toBe(404);
    expect((await practise(skill_id, user)).status).toBe(404);
    expect(await listed(user)).toMatchObject({ skills: [], categories: [{ skills: 0 }, { skills: 0 }, { skills: 0 }] });
  });
});

describe('R-15, K-8: GET /skills/recommendations/{user_id}', () => {
  it('V-3: while consent is unknown nothing is computed, told or shown', async () => {
    const user = ++person;
    clock.set(new Date('2026-09-01T12:00:00Z'));
    await create(user);
    clock.set(new Date('2026-11-21T12:00:00Z'));
    const run = await bench.call('/operator/jobs/recommend-skills/run', { method: 'POST', as: 1, role: 'operator', body: { day: '2026-11-20' } });
    expect(run).toMatchObject({ status: 200, body: { people: expect.any(Number) } });
    expect((await bench.call(`/skills/recommendations/${user}`, { as: user })).body).toEqual({ consented: false, recommendations: [] });
    expect(await eventsOf(user)).toEqual([]);
    expect((await bench.call(`/skills/recommendations/${user}`, { as: ++person })).status).toBe(403);
  });
});
