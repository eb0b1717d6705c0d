import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { runDashboard, type RunningDashboard } from '../testing/running-dashboard.js';

const password = 'correct horse battery';
let people = 0;
const newPerson = (over: object = {}) => ({ username: `person${(people += 1)}`, email: `person${people}@example.org`, password, ...over });

describe('R-20: users over HTTP', () => {
  let dashboard: RunningDashboard;
  beforeAll(async () => {
    dashboard = await runDashboard();
  });
  afterAll(() => dashboard.stop());

  const register = (over?: object) => dashboard.call('POST', '/dashboard/users', { body: newPerson(over) });
  const eventsOf = async (userId: unknown) =>
    (await dashboard.database.query<{ type: string }>('SELECT type FROM event_log WHERE key = $1 ORDER BY seq', [String(userId)])).rows.map(({ type }) => type.split('.').at(-1));

  it('D-1: registers a profile with 0 XP at level 1, and E-1 in the log', async () => {
    const { status, body } = await register({ time_zone: 'Europe/Vienna' });
    expect({ status, body }).toMatchObject({
      status: 201,
      body: { user_id: expect.any(Number), time_zone: 'Europe/Vienna', experience_points: 0, level: 1, first_name: null },
    });
    expect(JSON.stringify(body)).not.toContain('argon2');
    expect(await eventsOf(body['user_id'])).toEqual(['UserRegistered']);
    const { rows } = await dashboard.database.query<{ password_hash: string }>('SELECT password_hash FROM users WHERE user_id = $1', [body['user_id']]);
    expect(rows[0]?.password_hash).toMatch(/^\$argon2id\$/);
  });

  it('D-1: names every fault at once', async () => {
    const { status, body } = await register({ username: 'ab', email: 'nobody', password: 'short', time_zone: 'Mars/Base', extra: 1 });
    expect(status).toBe(400);
    expect((body['details'] as { field: string }[]).map(({ field }) => field)).toEqual(['username', 'email', 'password', 'time_zone', 'extra']);
  });

  it("D-1: refuses a taken name and a taken address, whatever the letters' case", async () => {
    const first = newPerson();
    expect((await dashboard.call('POST', '/dashboard/users', { body: first })).status).toBe(201);
    expect(await register({ username: first.username.toUpperCase() })).toMatchObject({ status: 409, body: { error: 'username_taken' } });
    expect(await register({ email: first.email.toUpperCase() })).toMatchObject({ status: 409, body: { error: 'email_taken' } });
  });

  it('D-1: of twenty sign-ups for one address at once, one succeeds', async () => {
    const answers = await Promise.all(Array.from({ length: 20 }, () => register({ email: 'race@example.org' })));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, ...Array.from({ length: 19 }, () => 409)]);
    const { rows } = await dashboard.database.query('SELECT FROM event_log WHERE type = $1 AND key IN (SELECT user_id::text FROM users WHERE email = $2)', ['lifeos.dashboard.v1.UserRegistered', 'race@example.org']);
    expect(rows).toHaveLength(1);
  });

  it('R-28: answers a sign-up that is repeated under its key as the first time, also after a death before the answer; keeps no token', async () => {
    const [key, body] = ['0d1c2b3a', newPerson()];
    const first = await dashboard.call('POST', '/dashboard/users', { key, body });
    expect(first.status).toBe(201);
    expect(await dashboard.call('POST', '/dashboard/users', { key, body })).toEqual(first);
    // As if the process had died between the commit and the answer.
    await dashboard.database.query('UPDATE idempotency_keys SET status = NULL, body = NULL');
    expect(await dashboard.call('POST', '/dashboard/users', { key, body })).toEqual(first);
    expect(await eventsOf(first.body['user_id'])).toEqual(['UserRegistered']);
    expect((await dashboard.call('POST', '/dashboard/users', { key, body: { ...body, bio: 'Hello' } })).status).toBe(409);

    const login = { key, body: { username: body.username, password } };
    const token = (await dashboard.call('POST', '/dashboard/login', login)).body['access_token'] as string;
    expect((await dashboard.call('POST', '/dashboard/login', login)).status).toBe(200);
    expect((await dashboard.call('POST', '/dashboard/token/refresh', { key, token })).status).toBe(200);
    const { rows } = await dashboard.database.query<{ body: string }>('SELECT body FROM idempotency_keys');
    expect(rows).toEqual([{ body: expect.not.stringContaining('token') }]);
  });

  it('D-9: shows a profile to its owner and to operators alone', async () => {
    const id = (await register()).body['user_id'] as number;
    const path = `/dashboard/users/${id}`;
    expect((await dashboard.call('GET', path)).status).toBe(401);
    expect((await dashboard.call('GET', path, { token: await dashboard.tokenOf(id + 1) })).status).toBe(403);
    expect(await dashboard.call('GET', path, { token: await dashboard.tokenOf(id) })).toMatchObject({ status: 200, body: { user_id: id, level: 1 } });
    expect((await dashboard.call('GET', path, { token: await dashboard.tokenOf(id + 1, 'operator') })).status).toBe(200);
    expect(await dashboard.call('GET', '/dashboard/users/999999', { token: await dashboard.tokenOf(999_999) })).toMatchObject({ status: 404 });
  });

  it('D-3, E-2: changes fields of the profile and says what changed', async () => {
    const id = (await register()).body['user_id'] as number;
    const token = await dashboard.tokenOf(id);
    const answer = await dashboard.call('PATCH', `/dashboard/users/${id}`, { token, body: { first_name: 'Ada', birth_date: '1990-12-10', time_zone: 'UTC' } });
    expect(answer).toMatchObject({ status: 200, body: { first_name: 'Ada', birth_date: '1990-12-10' } });
    expect(await eventsOf(id)).toEqual(['UserRegistered', 'UserProfileUpdated']);
    expect((await dashboard.call('PATCH', `/dashboard/users/${id}`, { token, body: { first_name: 'Ada' } })).status).toBe(200);
    expect(await eventsOf(id)).toHaveLength(2);
  });

  it('D-3: refuses other fields and applies none', async () => {
    const id = (await register()).body['user_id'] as number;
    const token = await dashboard.tokenOf(id);
    expect((await dashboard.call('PATCH', `/dashboard/users/${id}`, { token, body: { bio: 'Hello', role: 'operator' } })).status).toBe(400);
    expect((await dashboard.call('PATCH', `/dashboard/users/${id}`, { token, body: {} })).status).toBe(400);
    expect((await dashboard.call('GET', `/dashboard/users/${id}`, { token })).body['bio']).toBeNull();
    expect(await eventsOf(id)).toEqual(['UserRegistered']);
  });

  it('D-3: refuses the address of another user', async () => {
    const other = newPerson();
    await dashboard.call('POST', '/dashboard/users', { body: other });
    const id = (await register()).body['user_id'] as number;
    const answer = await dashboard.call('PATCH', `/dashboard/users/${id}`, { token: await dashboard.tokenOf(id), body: { email: other.email } });
    expect(answer).toMatchObject({ status: 409, body: { error: 'email_taken' } });
  });
});
