import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { ExperienceAwarded } from '@lifeos/contracts';
import { type Database, migrate, openDatabase } from '@lifeos/postgres';
import { createTestDatabase, type TestDatabase } from '@lifeos/testing';
import { Body, Controller, HttpCode, Module, Post, Put } from '@nestjs/common';
import { exportPKCS8, exportSPKI, generateKeyPair } from 'jose';
import { z } from 'zod';
import { createTokenSigner, type TokenSigner } from '../auth/access-tokens.js';
import { Public } from '../auth/decorators.js';
import { Commands } from '../commands/commands.js';
import { Conflict } from '../http/problems.js';
import { bodyId, text, valid } from '../http/validation.js';
import { type RunningService, runService } from '../run-service.js';
import { serviceMigrations } from '../wiring/migrations.js';
import { sweepAnswers } from './kept-answers.js';

const wish = z.object({ user_id: bodyId, note: text(1, 300_000), tags: z.array(z.string()).optional() });
type Wish = z.infer<typeof wish>;

/** What the test does to the service from outside. */
const world = { diesAfterCommit: false, isFull: false, calls: 0 };

@Controller('things')
class ThingsController {
  constructor(private readonly commands: Commands) {}

  @Post()
  async add(@Body(valid(wish)) { user_id, note }: Wish) {
    const made = await this.commands.execute({ keys: [user_id] }, async (tx, raise) => {
      if (world.isFull) throw new Conflict('There is no room.');
      const { rows } = await tx.query<{ id: number; at: Date }>('INSERT INTO things (user_id, note) VALUES ($1, $2) RETURNING id, at', [user_id, note]);
      raise(ExperienceAwarded, { user_id, experience_points: 1, source_type: 'manual', source_id: 1, reason: 'A thing' });
      return { id: rows[0]?.id, at: rows[0]?.at, note };
    });
    if (world.diesAfterCommit) throw new Error('died before the answer');
    return { ...made, year: made.at?.getFullYear() };
  }

  @Post('twice')
  @HttpCode(200)
  async addTwo(@Body(valid(wish)) body: Wish) {
    const first = await this.add(body);
    return { first, second: await this.add(body) };
  }

  @Post('plain')
  @HttpCode(202)
  count() {
    return { calls: ++world.calls };
  }

  @Post('nothing')
  @HttpCode(204)
  nothing(): void {
    world.calls++;
  }

  @Post('login')
  @Public()
  login() {
    return { access_token: `secret ${++world.calls}` };
  }

  @Put()
  put() {
    return { calls: ++world.calls };
  }
}

@Module({ controllers: [ThingsController] })
class ThingsModule {}

let home: TestDatabase;
let folder: string;
let database: Database;
let services: RunningService[];
let signer: TokenSigner;
let keys = 0;

beforeAll(async () => {
  home = await createTestDatabase();
  folder = mkdtempSync(join(tmpdir(), 'things-'));
  writeFileSync(join(folder, '0001_things.sql'), 'CREATE TABLE things (id serial PRIMARY KEY, user_id bigint NOT NULL, note text NOT NULL, at timestamptz NOT NULL DEFAULT now());');
  const definition = { name: 'dashboard', module: ThingsModule, migrations: pathToFileURL(`${folder}/`) };
  await migrate({ url: home.url, sets: serviceMigrations(definition.migrations) });
  const pair = await generateKeyPair('EdDSA', { extractable: true });
  signer = await createTokenSigner(await exportPKCS8(pair.privateKey), { issuer: 'lifeos', audience: 'lifeos' });
  const parts = { DATABASE_URL: home.url, KAFKA_BROKERS: '127.0.0.1:1', SCHEMA_REGISTRY_URL: 'http://127.0.0.1:1', JWT_PUBLIC_KEY: await exportSPKI(pair.publicKey) };
  const options = { environment: { PORT: '0', SHUTDOWN_TIMEOUT_MS: '500', ...parts }, logDestination: new Writable({ write: (_line, _encoding, done) => done() }) };
  // Two instances on one database, as in two processes.
  services = [await runService(definition, options), await runService(definition, options)];
  database = openDatabase({ url: home.url, applicationName: 'test' });
});
afterAll(async () => {
  await Promise.all(services.map((service) => service.stop()));
  await database.close();
  await home.drop();
  rmSync(folder, { recursive: true });
});
beforeEach(() => void Object.assign(world, { diesAfterCommit: false, isFull: false, calls: 0 }));

interface Call {
  readonly as?: number;
  readonly path?: string;
  readonly method?: string;
  /** Which instance. */
  readonly on?: number;
}

async function post(key: string | null, body: unknown, { as = 1, path = '', method = 'POST', on = 0 }: Call = {}) {
  const authorization = `Bearer ${await signer.sign({ userId: as, role: 'user' }, new Date(), 60)}`;
  const answer = await fetch(`${services[on]?.url}/api/v1/things${path}`, {
    method,
    headers: { authorization, 'content-type': 'application/json', ...(key === null ? {} : { 'idempotency-key': key }) },
    body: JSON.stringify(body),
  });
  const content = await answer.text();
  return { status: answer.status, body: content === '' ? null : (JSON.parse(content) as Record<string, unknown>), replayed: answer.headers.get('idempotency-replayed') };
}

const newKey = () => `key-${++keys}`;
const thing = (note: string) => ({ user_id: 1, note });
const first = (answer: Awaited<ReturnType<typeof post>>) => ({ ...answer, replayed: null });
const made = async (note: string) => (await database.query('SELECT FROM things WHERE note = $1', [note])).rowCount;
const eventCount = async () => (await database.query('SELECT FROM event_log')).rowCount;

describe('R-28: the same key and the same body', () => {
  it('answer as the first time, and do nothing again', async () => {
    const key = newKey();
    const [before, answer] = [await eventCount(), await post(key, { user_id: 1, note: 'once', tags: ['a'] })];
    expect(answer).toMatchObject({ status: 201, body: { note: 'once' }, replayed: null });
    const again = await post(key, { tags: ['a'], note: 'once', user_id: 1 }, { on: 1 });
    expect(again).toEqual({ ...answer, replayed: 'true' });
    expect([await made('once'), await eventCount()]).toEqual([1, before + 1]);
  });

  it('answer as the first time after a death between commit and answer', async () => {
    const key = newKey();
    const before = await eventCount();
    world.diesAfterCommit = true;
    expect((await post(key, thing('died'))).status).toBe(500);
    expect((await post(key, thing('died'))).status).toBe(500);
    world.diesAfterCommit = false;
    const answer = await post(key, thing('died'), { on: 1 });
    expect(answer).toMatchObject({ status: 201, body: { note: 'died', year: expect.any(Number) }, replayed: null });
    expect(await post(key, thing('died'))).toEqual({ ...answer, replayed: 'true' });
    expect([await made('died'), await eventCount()]).toEqual([1, before + 1]);
    expect(await post(key, thing('not died'))).toMatchObject({ status: 409, body: { error: 'idempotency_key_reused' } });
  });

  it('do each command of a route once', async () => {
    const key = newKey();
    world.diesAfterCommit = true;
    expect((await post(key, thing('two'), { path: '/twice' })).status).toBe(500);
    expect(await made('two')).toBe(1);
    world.diesAfterCommit = false;
    const { body } = await post(key, thing('two'), { path: '/twice' });
    expect(await made('two')).toBe(2);
    expect(body?.['first']).not.toEqual(body?.['second']);
  });

  it('at once, in one process or in two, are all answered alike', async () => {
    const key = newKey();
    const answers = await Promise.all([0, 1, 0, 1, 0, 1].map((on) => post(key, thing('twins'), { on })));
    expect(answers[0]?.status).toBe(201);
    for (const answer of answers) expect(first(answer)).toEqual(first(answers[0] as (typeof answers)[number]));
    expect(await made('twins')).toBe(1);
  });

  it('work for routes without a command and without an answer', async () => {
    const [key, other] = [newKey(), newKey()];
    expect(await post(key, {}, { path: '/plain' })).toEqual({ status: 202, body: { calls: 1 }, replayed: null });
    expect(await post(key, {}, { path: '/plain' })).toEqual({ status: 202, body: { calls: 1 }, replayed: 'true' });
    expect(await post(other, {}, { path: '/nothing' })).toEqual({ status: 204, body: null, replayed: null });
    expect(await post(other, {}, { path: '/nothing' })).toEqual({ status: 204, body: null, replayed: 'true' });
    expect(world.calls).toBe(2);
  });
});

describe('R-28: another', () => {
  it('body under the same key is a conflict, also while the first is under way', async () => {
    const key = newKey();
    expect((await post(key, thing('mine'))).status).toBe(201);
    expect(await post(key, thing('other'))).toMatchObject({ status: 409, body: { error: 'idempotency_key_reused' } });
    const race = newKey();
    const statuses = (await Promise.all([post(race, thing('race a')), post(race, thing('race b'), { on: 1 })])).map(({ status }) => status);
    expect(statuses.sort()).toEqual([201, 409]);
    expect([await made('other'), (await made('race a')) + (await made('race b'))]).toEqual([0, 1]);
  });

  it('person, path or key, or none, is another request', async () => {
    const key = newKey();
    await post(key, thing('free'));
    expect((await post(key, { user_id: 2, note: 'free' }, { as: 2 })).status).toBe(201);
    expect((await post(key, thing('free'), { path: '/twice' })).status).toBe(200);
    expect((await post(newKey(), thing('free'))).status).toBe(201);
    expect((await post(null, thing('free'))).status).toBe(201);
    expect(await made('free')).toBe(6);
  });

  it('method ignores the key', async () => {
    const key = newKey();
    await post(key, {}, { method: 'PUT' });
    expect((await post(key, {}, { method: 'PUT' })).body).toEqual({ calls: 2 });
  });
});

describe('R-28: a refusal', () => {
  it('of the domain stands, whatever became possible meanwhile', async () => {
    const key = newKey();
    world.isFull = true;
    const refused = await post(key, thing('full'));
    expect(refused).toMatchObject({ status: 409, body: { error: 'conflict', message: 'There is no room.' } });
    world.isFull = false;
    expect(await post(key, thing('full'))).toEqual({ ...refused, replayed: 'true' });
    expect(await post(key, thing('fuller'))).toMatchObject({ status: 409, body: { error: 'idempotency_key_reused' } });
    expect(await made('full')).toBe(0);
  });

  it('of a faulty body can be mended under the same key', async () => {
    const key = newKey();
    expect((await post(key, thing(''))).status).toBe(400);
    expect((await post(key, thing('mended'))).status).toBe(201);
  });

  it.each([
    ['of 255 characters', 'k'.repeat(255), 202],
    ['of 256 characters', 'k'.repeat(256), 400],
    ['that is empty', '', 400],
    ['that is no ASCII', 'kü', 400],
  ])('meets a key %s or not', async (_what, key, status) => {
    const answer = await post(key, {}, { path: '/plain' });
    expect(answer.status).toBe(status);
    if (status === 400) expect(answer.body).toMatchObject({ details: [{ field: 'Idempotency-Key' }] });
  });
});

describe('R-28: what is kept', () => {
  it('holds no token', async () => {
    const key = newKey();
    expect((await post(key, {}, { path: '/login' })).body).toEqual({ access_token: 'secret 1' });
    expect((await post(key, {}, { path: '/login' })).body).toEqual({ access_token: 'secret 2' });
    expect((await database.query(`SELECT FROM idempotency_keys WHERE body LIKE '%secret%'`)).rowCount).toBe(0);
  });

  it('is bounded: of what is too large only that it was done is known', async () => {
    const key = newKey();
    const large = 'x'.repeat(100_000);
    expect((await post(key, thing(large))).status).toBe(201);
    expect(await post(key, thing(large))).toMatchObject({ status: 409, body: { error: 'done_before' } });
    expect(await made(large)).toBe(1);
  });

  it('is forgotten when it is old, commands and all', async () => {
    const [old, young] = [newKey(), newKey()];
    for (const key of [old, young]) await post(key, thing(key));
    await database.query(`UPDATE idempotency_keys SET created_at = now() - interval '25 hours' WHERE body LIKE $1`, [`%"${old}"%`]);
    expect(await sweepAnswers(database, 24)).toBe(1);
    expect((await post(young, thing(young))).replayed).toBe('true');
    expect((await post(old, thing(old))).replayed).toBeNull();
    expect((await database.query('SELECT FROM idempotency_steps s WHERE NOT EXISTS (SELECT FROM idempotency_keys k WHERE k.id = s.id)')).rowCount).toBe(0);
  });
});
