import { generateKeyPairSync } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Module } from '@nestjs/common';
import { createTokenSigner, type TokenSigner } from '../auth/access-tokens.js';
import { systemClock } from '../clock.js';
import { InvalidConfig } from '../config/environment.js';
import { loadConfig } from '../config/service-config.js';
import { createApp } from '../http/create-app.js';
import { MovableClock } from '../movable-clock.js';
import { testParts } from '../testing/test-parts.js';

@Module({})
class EmptyModule {}

const keys = generateKeyPairSync('ed25519', { publicKeyEncoding: { type: 'spki', format: 'pem' }, privateKeyEncoding: { type: 'pkcs8', format: 'pem' } });
const environment = { DATABASE_URL: 'postgres://x@127.0.0.1:1/x', KAFKA_BROKERS: '127.0.0.1:1', SCHEMA_REGISTRY_URL: 'http://127.0.0.1:1', JWT_PUBLIC_KEY: keys.publicKey };
const closing: (() => Promise<void>)[] = [];
let signer: TokenSigner;

const open = async (clock = systemClock) => {
  const { parts } = testParts({ JWT_PUBLIC_KEY: keys.publicKey });
  const app = await createApp(EmptyModule, { ...parts, clock }, null);
  await app.listen(0, '127.0.0.1');
  closing.push(() => app.close());
  const url = await app.getUrl();
  return async (method: string, path: string, options: { role?: 'user' | 'operator'; body?: unknown } = {}) => {
    const { role = 'operator', body } = options;
    const authorization = `Bearer ${await signer.sign({ userId: 1, role }, new Date(), 60)}`;
    const headers = { authorization, ...(body === undefined ? {} : { 'content-type': 'application/json' }) };
    const answer = await fetch(`${url}/api/v1/operator/${path}`, { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
    return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
  };
};

beforeAll(async () => {
  signer = await createTokenSigner(keys.privateKey, { issuer: 'lifeos', audience: 'lifeos' });
});
afterAll(() => Promise.all(closing.map((close) => close())));

describe('the business clock over HTTP', () => {
  it('is set by an operator, ticks on from there, and goes back', async () => {
    const call = await open(new MovableClock());
    const moved = await call('PUT', 'clock', { body: { now: '2030-02-28T23:00:00Z' } });
    expect(moved).toMatchObject({ status: 200, body: { movable: true, now: expect.stringMatching(/^2030-02-28T23:00/) } });
    const back = await call('DELETE', 'clock');
    expect(Math.abs(Date.parse(String(back.body['now'])) - Date.now())).toBeLessThan(60_000);
  });

  it('stays where it is for users, for rubbish, and in a service that was not started for it', async () => {
    const movable = await open(new MovableClock());
    const fixed = await open();
    const body = { now: '2030-02-28T23:00:00Z' };
    expect((await movable('PUT', 'clock', { role: 'user', body })).status).toBe(403);
    expect((await movable('PUT', 'clock', { body: { now: '2030-02-30' } })).status).toBe(400);
    expect((await fixed('PUT', 'clock', { body })).status).toBe(403);
    for (const call of [movable, fixed]) {
      const { body: { now } } = await call('GET', 'clock');
      expect(Math.abs(Date.parse(String(now)) - Date.now())).toBeLessThan(60_000);
    }
  });

  it('cannot be made movable in production', () => {
    expect(() => loadConfig({}, { ...environment, CLOCK_MOVABLE: 'true', NODE_ENV: 'production' })).toThrow(InvalidConfig);
    expect(loadConfig({}, { ...environment, CLOCK_MOVABLE: 'true' }).CLOCK_MOVABLE).toBe(true);
    expect(loadConfig({}, { ...environment, NODE_ENV: 'production' }).CLOCK_MOVABLE).toBe(false);
  });
});

describe('POST /operator/jobs/{name}/run', () => {
  it('is for operators, and names what is wrong', async () => {
    const call = await open();
    expect((await call('POST', 'jobs/sweep/run', { role: 'user', body: { day: '2026-01-01' } })).status).toBe(403);
    expect((await call('POST', 'jobs/sweep/run', { body: { day: '2026-02-29' } })).status).toBe(400);
    expect(await call('POST', 'jobs/sweep/run', { body: { day: '2026-01-01' } })).toMatchObject({ status: 404, body: { message: expect.stringContaining('sweep') } });
    expect((await call('GET', 'jobs')).body).toEqual({ jobs: [] });
  });
});
