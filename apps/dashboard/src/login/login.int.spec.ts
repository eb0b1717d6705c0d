import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { runDashboard, type RunningDashboard } from '../testing/running-dashboard.js';

const ada = { username: 'ada', email: 'ada@example.org', password: 'correct horse battery' };
const quarterHour = 15 * 60_000;

describe('R-20, D-1: login', () => {
  let dashboard: RunningDashboard;
  let userId: unknown;
  beforeAll(async () => {
    dashboard = await runDashboard();
    userId = (await dashboard.call('POST', '/dashboard/users', { body: ada })).body['user_id'];
  });
  afterAll(() => dashboard.stop());
  beforeEach(() => dashboard.database.query('DELETE FROM login_attempts'));

  const login = (body: object) => dashboard.call('POST', '/dashboard/login', { body });
  const letTimePass = (ms: number) => dashboard.database.query(`UPDATE login_attempts SET attempted_at = attempted_at - $1 * interval '1 millisecond'`, [ms]);
  const wrong = (username = 'ada') => login({ username, password: 'wrong password' });

  it('gives a token of one hour for the name or the address, in any case of letters', async () => {
    for (const who of [{ username: 'ADA' }, { email: 'Ada@Example.org' }]) {
      const { status, body } = await login({ ...who, password: ada.password });
      expect({ status, body }).toMatchObject({ status: 200, body: { token_type: 'Bearer', expires_in: 3_600, user_id: userId } });
      expect((await dashboard.call('GET', `/dashboard/users/${String(userId)}`, { token: String(body['access_token']) })).status).toBe(200);
    }
  });

  it('answers an unknown name like a wrong password', async () => {
    expect(await wrong()).toEqual(await wrong('nobody'));
    expect(await wrong()).toMatchObject({ status: 401, body: { error: 'wrong_credentials' } });
  });

  it('needs either a name or an address', async () => {
    expect((await login({ password: 'x' })).status).toBe(400);
    expect((await login({ username: 'ada', email: ada.email, password: 'x' })).status).toBe(400);
  });

  it('D-1: after 10 failures the right password is refused too, until 15 minutes have passed', async () => {
    for (let i = 0; i < 10; i += 1) expect((await wrong()).status).toBe(401);
    expect(await login({ username: 'ada', password: ada.password })).toMatchObject({ status: 429, body: { error: 'login_throttled' } });
    await letTimePass(quarterHour + 1_000);
    expect((await login({ username: 'ada', password: ada.password })).status).toBe(200);
  });

  it('D-9, D-1: goes by real time, wherever the business clock stands', async () => {
    dashboard.passTime(400 * 86_400_000);
    const { body } = await login({ username: 'ada', password: ada.password });
    expect((await dashboard.call('GET', `/dashboard/users/${String(userId)}`, { token: String(body['access_token']) })).status).toBe(200);
    for (let i = 0; i < 10; i += 1) await wrong();
    dashboard.passTime(quarterHour + 1_000);
    expect((await wrong()).status).toBe(429);
  });

  it('D-1: failures from one address count whatever the name', async () => {
    for (let i = 0; i < 10; i += 1) expect((await wrong(`guess${i}`)).status).toBe(401);
    expect((await wrong('guess10')).status).toBe(429);
  });

  it('D-1: parallel guesses do not slip past the count', async () => {
    const answers = await Promise.all(Array.from({ length: 25 }, () => wrong()));
    expect(answers.filter(({ status }) => status === 401)).toHaveLength(10);
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(15);
  });

  it('D-1: a good login forgives the failures of its account before it', async () => {
    for (let i = 0; i < 9; i += 1) await wrong();
    expect((await login({ username: 'ada', password: ada.password })).status).toBe(200);
    const { rows } = await dashboard.database.query('SELECT FROM login_attempts');
    expect(rows).toHaveLength(0);
  });
});
