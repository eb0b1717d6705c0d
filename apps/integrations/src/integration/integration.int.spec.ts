import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { grantConsents, type ServiceBench } from '@lifeos/app-testing';
import { MovableClock } from '@lifeos/service';
import { connect, newPerson, openIntegrationsBench, told } from '../testing/bench.js';

let bench: ServiceBench;
const clock = new MovableClock();
beforeAll(async () => {
  bench = await openIntegrationsBench(clock);
});
afterAll(() => bench.close());

const post = (user_id: number, over: Record<string, unknown> = {}, as = user_id) =>
  bench.call('/integrations', { method: 'POST', as, body: { user_id, service_name: 'strava', integration_type: 'health', credentials: { token: 'very-secret' }, ...over } });
const listed = async (user: number) => (await bench.call(`/integrations/${user}`, { as: user })).body['integrations'] as Record<string, unknown>[];
const rowOf = async (id: number) => (await bench.database.query<{ state: string; credentials: Buffer | null }>('SELECT state, credentials FROM integrations WHERE integration_id = $1', [id])).rows[0];

describe('R-5: GET and POST /integrations', () => {
  it('I-1, I-2: connects, tells of it, and shows no credentials', async () => {
    const user = await newPerson(bench);
    const { status, body } = await post(user, { service_name: 'Strava' });
    expect(status).toBe(201);
    expect(body).toMatchObject({ user_id: user, service_name: 'strava', integration_type: 'health', state: 'connected', sync_frequency: 'daily', circuit: 'closed', last_sync_at: null });
    expect(JSON.stringify([body, await listed(user), await told(bench, user)])).not.toMatch(/secret|token|credentials/);
    expect(await told(bench, user)).toEqual([['IntegrationConnected', { user_id: user, integration_id: body['integration_id'], service_name: 'strava', integration_type: 'health', connection_timestamp: expect.any(Date) }]]);
    expect((await listed(user)).map(({ integration_id }) => integration_id)).toEqual([body['integration_id']]);
    const row = await rowOf(Number(body['integration_id']));
    expect(row?.credentials?.includes('very-secret')).toBe(false);
  });

  it('I-2: needs consent for external_integrations', async () => {
    const user = await newPerson(bench);
    await grantConsents(bench.database, user, ['analytics']);
    expect(await post(user)).toMatchObject({ status: 403, body: { error: 'consent_missing' } });
    expect([await listed(user), await told(bench, user)]).toEqual([[], []]);
  });

  it('I-2: tests the connection first', async () => {
    const user = await newPerson(bench);
    const refused = await post(user, { credentials: { token: 'very-secret', refuse: true, leak: true } });
    expect(refused).toMatchObject({ status: 400, body: { error: 'connection_refused', message: 'strava cannot be connected: The service does not know these credentials: ***.', details: { error_code: 'AUTH_ERROR' } } });
    expect(await post(user, { credentials: { delay_ms: 'soon' } })).toMatchObject({ status: 400, body: { message: expect.stringContaining('delay_ms') } });
    expect(await told(bench, user)).toEqual([]);
  });

  it('names every fault of a body at once, and changes nothing', async () => {
    const user = await newPerson(bench);
    const { status, body } = await bench.call('/integrations', { method: 'POST', as: user, body: { user_id: user, service_name: 'myspace', integration_type: 'fun', sync_frequency: 'yearly', more: 1 } });
    expect(status).toBe(400);
    expect((body['details'] as { field: string }[]).map(({ field }) => field).sort()).toEqual(['credentials', 'integration_type', 'more', 'service_name', 'sync_frequency']);
    expect(await post(user, { integration_type: 'wealth' })).toMatchObject({ status: 400, body: { details: [{ field: 'integration_type' }] } });
    expect(await told(bench, user)).toEqual([]);
  });

  it('D-9: is for the person alone', async () => {
    const [user, other] = [await newPerson(bench), await newPerson(bench)];
    const id = await connect(bench, user);
    expect(await post(user, {}, other)).toMatchObject({ status: 403 });
    for (const [path, method] of [[`/integrations/${user}`, 'GET'], [`/integrations/${id}`, 'DELETE'], [`/integrations/${id}/sync`, 'PUT']] as const) {
      expect(await bench.call(path, { method, as: other })).toMatchObject({ status: 403 });
      expect(await bench.call(path, { method })).toMatchObject({ status: 401 });
    }
  });

  it('is paged', async () => {
    const user = await newPerson(bench);
    const ids = [await connect(bench, user), await connect(bench, user), await connect(bench, user)];
    const { body } = await bench.call(`/integrations/${user}?limit=1&offset=1`, { as: user });
    expect((body['integrations'] as { integration_id: number }[]).map(({ integration_id }) => integration_id)).toEqual([ids[1]]);
  });
});

describe('R-7, I-10: DELETE /integrations', () => {
  it('deletes the credentials, tells of it once, and is gone', async () => {
    const user = await newPerson(bench);
    const id = await connect(bench, user);
    expect(await bench.call(`/integrations/${id}`, { method: 'DELETE', as: user })).toEqual({ status: 204, body: {} });
    expect(await rowOf(id)).toEqual({ state: 'disconnected', credentials: null });
    expect(await bench.call(`/integrations/${id}`, { method: 'DELETE', as: user })).toMatchObject({ status: 404, body: { error: 'integration_not_found' } });
    expect(await bench.call(`/integrations/${id}/sync`, { method: 'PUT', as: user })).toMatchObject({ status: 404 });
    expect((await told(bench, user)).slice(1)).toEqual([
      ['IntegrationDisconnected', { user_id: user, integration_id: id, service_name: 'todoist', disconnection_reason: 'user_request', disconnection_timestamp: expect.any(Date) }],
    ]);
    expect(await listed(user)).toEqual([]);
  });
});

describe('credentials that are not there any more', () => {
  it('are given anew, without a new connection', async () => {
    const user = await newPerson(bench);
    const id = await connect(bench, user);
    await bench.database.query(`UPDATE integrations SET state = 'needs_credentials', credentials = NULL, credentials_key = NULL, next_sync_at = NULL WHERE integration_id = $1`, [id]);
    expect(await listed(user)).toMatchObject([{ state: 'needs_credentials' }]);
    expect(await bench.call(`/integrations/${id}/sync`, { method: 'PUT', as: user })).toMatchObject({ status: 409, body: { error: 'credentials_needed' } });
    const renew = (credentials: unknown) => bench.call(`/integrations/${id}/credentials`, { method: 'PUT', as: user, body: { credentials } });
    expect(await renew({ refuse: true })).toMatchObject({ status: 400, body: { error: 'connection_refused' } });
    expect(await renew({ token: 'another-secret' })).toMatchObject({ status: 200, body: { state: 'connected' } });
    expect(await bench.call(`/integrations/${id}/sync`, { method: 'PUT', as: user })).toMatchObject({ status: 200 });
    expect((await told(bench, user)).filter(([name]) => name === 'IntegrationConnected')).toHaveLength(1);
  });
});

describe('an installation', () => {
  it('I-12: of the free tier has no integrations; without FAKE_SOURCE it reads files alone', async () => {
    const free = await openIntegrationsBench(clock, { INTEGRATIONS_TIER: 'free' });
    const plain = await openIntegrationsBench(clock, { FAKE_SOURCE: 'false' });
    const ask = async (one: ServiceBench, service_name: string, integration_type: string) => {
      const user_id = await newPerson(one);
      return one.call('/integrations', { method: 'POST', as: user_id, body: { user_id, service_name, integration_type, credentials: {} } });
    };
    try {
      expect(await ask(free, 'bank_csv', 'wealth')).toMatchObject({ status: 403, body: { error: 'tier_without_integrations' } });
      expect(await ask(plain, 'strava', 'health')).toMatchObject({ status: 409, body: { error: 'no_adapter', details: { available: ['apple_health', 'bank_csv'] } } });
      expect(await ask(plain, 'bank_csv', 'wealth')).toMatchObject({ status: 201, body: { sync_frequency: 'files', next_sync_at: null } });
    } finally {
      await Promise.all([free.close(), plain.close()]);
    }
  });

  it('I-2: does not start without a key of 32 bytes', async () => {
    const starts = (INTEGRATIONS_CREDENTIALS_KEYS: string) => openIntegrationsBench(clock, { INTEGRATIONS_CREDENTIALS_KEYS });
    await expect(starts('')).rejects.toThrow('INTEGRATIONS_CREDENTIALS_KEYS: is missing');
    await expect(starts(`a:${Buffer.alloc(31).toString('base64')}`)).rejects.toThrow('key a is not the base64 of 32 bytes');
  });
});
