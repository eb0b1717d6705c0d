import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ServiceBench } from '@lifeos/app-testing';
import { MovableClock } from '@lifeos/service';
import { connect, newPerson, openIntegrationsBench, point, told } from '../testing/bench.js';

let bench: ServiceBench;
const clock = new MovableClock();
beforeAll(async () => {
  bench = await openIntegrationsBench(clock, { INTEGRATIONS_TICK_MS: '100', INTEGRATIONS_SOURCE_TIMEOUT_MS: '300' });
});
afterAll(() => bench.close());

async function until(what: string, holds: () => Promise<boolean>): Promise<void> {
  for (const deadline = Date.now() + 60_000; !(await holds()); await sleep(30)) if (Date.now() > deadline) throw new Error(`Not within a minute: ${what}`);
}
const namesOf = async (user: number) => (await told(bench, user)).map(([name]) => name);
const completed = async (user: number) => (await namesOf(user)).filter((name) => name === 'DataSyncCompleted').length;
const forward = (seconds: number) => clock.set(new Date(clock.now().getTime() + seconds * 1000));
const rowOf = async (id: number) => (await bench.database.query<Record<string, unknown>>('SELECT * FROM integrations WHERE integration_id = $1', [id])).rows[0] ?? {};

describe('I-3: scheduled syncs', () => {
  it('begin with the connection, and come again each period; downtime is made up for in one go', async () => {
    const user = await newPerson(bench);
    const id = await connect(bench, user, { sync_frequency: 'hourly' });
    await until('the first sync', async () => (await completed(user)) === 1);
    const { connected_at, next_sync_at } = (await rowOf(id)) as { connected_at: Date; next_sync_at: Date };
    expect(next_sync_at.getTime() - connected_at.getTime()).toBe(3_600_000);
    forward(3_600);
    await until('the second', async () => (await completed(user)) === 2);
    forward(5 * 86_400 + 1_800);
    await until('the one after five days', async () => (await completed(user)) === 3);
    const after = (await rowOf(id))['next_sync_at'] as Date;
    expect((after.getTime() - connected_at.getTime()) % 3_600_000).toBe(0);
    expect(after.getTime()).toBeGreaterThan(clock.now().getTime() - 60_000);
    const days = (await told(bench, user)).filter(([name]) => name === 'ExternalDataReceived').flatMap(([, { data_points }]) => data_points as { recorded_at: Date }[]);
    expect(new Set(days.map(({ recorded_at }) => recorded_at.getTime())).size).toBe(days.length);
    clock.reset();
  }, 120_000);

  it('are tried again after a failure, until the source answers', async () => {
    const user = await newPerson(bench);
    const id = await connect(bench, user, { sync_frequency: 'weekly', credentials: { fail: 'API_ERROR', fail_times: 2, points: [point('2026-01-01T00:00:00Z')] } });
    await until('the first failure', async () => (await rowOf(id))['retries'] === 1);
    forward(60);
    await until('the second failure', async () => (await rowOf(id))['retries'] === 2);
    forward(120);
    await until('success', async () => (await completed(user)) === 1);
    expect(await namesOf(user)).toEqual(['IntegrationConnected', 'DataSyncFailed', 'DataSyncFailed', 'ExternalDataReceived', 'DataSyncCompleted']);
    clock.reset();
  }, 120_000);

  it('give up a source that does not answer in time', async () => {
    const user = await newPerson(bench);
    await connect(bench, user, { credentials: { delay_ms: 60_000 } });
    await until('the failure', async () => (await namesOf(user)).includes('DataSyncFailed'));
    expect((await told(bench, user)).at(-1)?.[1]).toMatchObject({ error_code: 'TIMEOUT', error_message: 'The service did not answer within 300 ms.' });
  }, 120_000);

  it('I-6: go on where a run was lost with its process', async () => {
    const user = await newPerson(bench);
    const id = await connect(bench, user, { credentials: { points: [point('2026-01-01T00:00:00Z')] } });
    await until('the first sync', async () => (await completed(user)) === 1);
    const lost = [id, new Date(clock.now().getTime() + 3_600_000), new Date(clock.now().getTime() - 1)];
    await bench.database.query(`UPDATE integrations SET run_id = 'lost', run_until = $2, next_sync_at = $3 WHERE integration_id = $1`, lost);
    expect(await bench.call(`/integrations/${id}/sync`, { method: 'PUT', as: user })).toMatchObject({ status: 409, body: { error: 'sync_under_way' } });
    await bench.database.query('UPDATE integrations SET run_until = $2 WHERE integration_id = $1', [id, clock.now()]);
    await until('the next sync', async () => (await completed(user)) === 2);
    expect((await namesOf(user)).filter((name) => name === 'ExternalDataReceived')).toHaveLength(1);
  }, 120_000);

  it('leave a person alone who does not allow it', async () => {
    const user = await newPerson(bench);
    const id = await connect(bench, user);
    await until('the first sync', async () => (await completed(user)) === 1);
    await bench.database.query('DELETE FROM consents WHERE user_id = $1', [user]);
    await bench.database.query('UPDATE integrations SET next_sync_at = connected_at WHERE integration_id = $1', [id]);
    await until('the next plan', async () => ((await rowOf(id))['next_sync_at'] as Date) > clock.now());
    expect(await completed(user)).toBe(1);
  }, 120_000);
});
