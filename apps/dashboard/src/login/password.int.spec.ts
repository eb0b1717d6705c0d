import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { runDashboard, type RunningDashboard } from '../testing/running-dashboard.js';

const [before, after] = ['correct horse battery', 'a staple of another kind'];

describe('R-26: password and token over HTTP', () => {
  let dashboard: RunningDashboard;
  let people = 0;
  beforeAll(async () => {
    dashboard = await runDashboard();
  });
  afterAll(() => dashboard.stop());

  async function somebody() {
    const username = `person${(people += 1)}`;
    const { body } = await dashboard.call('POST', '/dashboard/users', { body: { username, email: `${username}@example.org`, password: before } });
    const id = Number(body['user_id']);
    const token = await dashboard.tokenOf(id);
    return {
      ...{ id, username, token },
      change: (given: object) => dashboard.call('PUT', `/dashboard/users/${id}/password`, { token, body: given }),
      login: async (password: string) => (await dashboard.call('POST', '/dashboard/login', { body: { username, password } })).status,
    };
  }

  it('changes the password for whoever knows the one before', async () => {
    const ada = await somebody();
    expect((await ada.change({ current_password: before, new_password: after })).status).toBe(204);
    expect([await ada.login(before), await ada.login(after)]).toEqual([401, 200]);
    const { rows } = await dashboard.database.query<{ password_hash: string }>('SELECT password_hash FROM users WHERE user_id = $1', [ada.id]);
    expect(rows[0]?.password_hash).toMatch(/^\$argon2id\$/);
  });

  it('changes nothing with a wrong one, a bad new one, or for another user', async () => {
    const ada = await somebody();
    expect(await ada.change({ current_password: 'wrong', new_password: after })).toMatchObject({ status: 401, body: { error: 'wrong_credentials' } });
    const faulty = await ada.change({ new_password: 'x'.repeat(11), extra: 1 });
    expect({ status: faulty.status, fields: (faulty.body['details'] as { field: string }[]).map(({ field }) => field) }).toEqual({ status: 400, fields: ['current_password', 'new_password', 'extra'] });
    const path = `/dashboard/users/${ada.id}/password`;
    const body = { current_password: before, new_password: after };
    expect((await dashboard.call('PUT', path, { body, token: await dashboard.tokenOf(ada.id + 1_000) })).status).toBe(403);
    expect((await dashboard.call('PUT', path, { body })).status).toBe(401);
    expect(await ada.login(before)).toBe(200);
  });

  it('D-1: takes a new password of 12 and of 200 characters, and none of 201', async () => {
    const ada = await somebody();
    const longest = 'x'.repeat(200);
    expect((await ada.change({ current_password: before, new_password: `${longest}x` })).status).toBe(400);
    expect((await ada.change({ current_password: before, new_password: longest })).status).toBe(204);
    expect((await ada.change({ current_password: longest, new_password: 'x'.repeat(12) })).status).toBe(204);
  });

  it('D-1: throttles guesses of the password before', async () => {
    await dashboard.database.query('DELETE FROM login_attempts');
    const ada = await somebody();
    for (let i = 0; i < 10; i += 1) expect((await ada.change({ current_password: `guess ${i}`, new_password: after })).status).toBe(401);
    expect((await ada.change({ current_password: before, new_password: after })).status).toBe(429);
    await dashboard.database.query('DELETE FROM login_attempts');
  });

  it('R-26: gives a new token for one that is good, with the role of today', async () => {
    const ada = await somebody();
    const refresh = (token?: string) => dashboard.call('POST', '/dashboard/token/refresh', token === undefined ? {} : { token });
    const { status, body } = await refresh(await dashboard.tokenOf(ada.id, 'operator'));
    expect({ status, body }).toMatchObject({ status: 200, body: { token_type: 'Bearer', expires_in: 3_600, user_id: ada.id } });
    const fresh = String(body['access_token']);
    expect((await dashboard.call('GET', `/dashboard/users/${ada.id}`, { token: fresh })).status).toBe(200);
    expect((await dashboard.call('GET', `/dashboard/users/${ada.id + 1_000}`, { token: fresh })).status).toBe(403);
    expect((await refresh()).status).toBe(401);
    expect((await refresh(`${fresh.slice(0, -4)}AAAA`)).status).toBe(401);
    expect((await refresh(await dashboard.tokenOf(999_999))).status).toBe(401);
  });
});
