import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Body, Controller, Get, Module, Param, Post } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { exportPKCS8, exportSPKI, generateKeyPair } from 'jose';
import { z } from 'zod';
import { createTokenSigner } from '../auth/access-tokens.js';
import { Caller, OperatorOnly, Public } from '../auth/decorators.js';
import type { Principal, Role } from '../auth/principal.js';
import { testParts } from '../testing/test-parts.js';
import { currentContext } from '../context/request-context.js';
import { createApp } from './create-app.js';
import { bodyId, pathId, text, valid } from './validation.js';

class NoteTaken extends Error {
  readonly code = 'note_taken';
  readonly kind = 'conflict';
}

const newNote = z.object({ user_id: bodyId, note: text(1, 20) });
const whose = z.object({ user_id: pathId });

@Controller('notes')
class NotesController {
  @Get('open')
  @Public()
  open() {
    return { open: true };
  }

  @Get('all')
  @OperatorOnly()
  all() {
    return [];
  }

  @Get('fails')
  fails() {
    throw new Error('secret detail: password=hunter2');
  }

  @Get('taken')
  taken() {
    throw new NoteTaken('Note 3 is taken; choose another.');
  }

  @Get(':user_id')
  mine(@Param(valid(whose)) { user_id }: z.infer<typeof whose>, @Caller() caller: Principal) {
    return { user_id, caller };
  }

  @Post()
  add(@Body(valid(newNote)) body: z.infer<typeof newNote>) {
    return { ...body, correlation: currentContext()?.correlationId };
  }
}

@Module({ controllers: [NotesController] })
class NotesModule {}

const rules = { issuer: 'lifeos', audience: 'lifeos' };

describe('the HTTP edge', () => {
  let app: NestFastifyApplication;
  let base: string;
  let log: string[];
  let tokenOf: (userId: number, role?: Role) => Promise<string>;

  beforeAll(async () => {
    const pair = await generateKeyPair('EdDSA', { extractable: true });
    const signer = await createTokenSigner(await exportPKCS8(pair.privateKey), rules);
    tokenOf = (userId, role = 'user') => signer.sign({ userId, role }, new Date(), 60);
    const test = testParts({ JWT_PUBLIC_KEY: await exportSPKI(pair.publicKey) });
    log = test.log;
    app = await createApp(NotesModule, test.parts, null);
    await app.listen(0, '127.0.0.1');
    base = await app.getUrl();
  });
  afterAll(() => app.close());

  async function call(path: string, init: { token?: string; method?: string; body?: string; headers?: Record<string, string> } = {}) {
    const headers: Record<string, string> = { ...(init.token ? { authorization: `Bearer ${init.token}` } : {}), ...(init.body === undefined ? {} : { 'content-type': 'application/json' }), ...init.headers };
    const response = await fetch(base + path, { method: init.method ?? (init.body === undefined ? 'GET' : 'POST'), headers, body: init.body });
    const content = await response.text();
    return { status: response.status, headers: response.headers, body: content.startsWith('{') ? JSON.parse(content) : content };
  }

  it('D-9: answers 401 without a token or with a wrong one', async () => {
    for (const answer of [await call('/api/v1/notes/1'), await call('/api/v1/notes/1', { token: 'rubbish' })]) {
      expect(answer).toMatchObject({ status: 401, body: { error: 'unauthenticated' } });
      expect(answer.headers.get('www-authenticate')).toBe('Bearer');
    }
  });

  it("D-9: gives a user his own data, 403 for another's, an operator everyone's", async () => {
    expect(await call('/api/v1/notes/1', { token: await tokenOf(1) })).toMatchObject({ status: 200, body: { user_id: 1, caller: { userId: 1, role: 'user' } } });
    expect(await call('/api/v1/notes/2', { token: await tokenOf(1) })).toMatchObject({ status: 403, body: { error: 'forbidden' } });
    expect(await call('/api/v1/notes/2', { token: await tokenOf(1, 'operator') })).toMatchObject({ status: 200 });
    const body = JSON.stringify({ user_id: 2, note: 'x' });
    expect((await call('/api/v1/notes', { token: await tokenOf(1), body })).status).toBe(403);
  });

  it('D-9: does not let a spelling of a foreign id slip past the comparison', async () => {
    const token = await tokenOf(1);
    for (const path of ['02', '1e0', '%31%00', '1.0', '-1']) expect((await call(`/api/v1/notes/${path}`, { token })).status).toBe(400);
    for (const user_id of ['1 ', [1], { valueOf: 1 }, null, true]) {
      expect((await call('/api/v1/notes', { token, body: JSON.stringify({ user_id, note: 'x' }) })).status).toBe(400);
    }
  });

  it('keeps operator routes from users and opens public ones', async () => {
    expect((await call('/api/v1/notes/all', { token: await tokenOf(1) })).status).toBe(403);
    expect((await call('/api/v1/notes/all', { token: await tokenOf(1, 'operator') })).status).toBe(200);
    expect((await call('/api/v1/notes/open')).body).toEqual({ open: true });
  });

  it('answers 400 with all faults', async () => {
    const answer = await call('/api/v1/notes', { token: await tokenOf(1), body: JSON.stringify({ user_id: 1, note: '', extra: 1 }) });
    expect(answer).toMatchObject({ status: 400, body: { error: 'invalid' } });
    expect(answer.body.details.map(({ field }: { field: string }) => field)).toEqual(['note', 'note', 'extra']);
    const noUser = await call('/api/v1/notes', { token: await tokenOf(1), body: JSON.stringify({ user_id: 'x', note: '', extra: 1 }) });
    expect(noUser.body.details.map(({ field }: { field: string }) => field)).toEqual(['user_id', 'note', 'note', 'extra']);
  });

  it('answers 400 to broken JSON, 415 to another type, 413 to too much, 404 to an unknown path', async () => {
    const token = await tokenOf(1);
    expect(await call('/api/v1/notes', { token, body: '{"user_id":' })).toMatchObject({ status: 400, body: { error: 'invalid' } });
    expect(await call('/api/v1/notes', { token, body: '{"__proto__":{}}' })).toMatchObject({ status: 400 });
    expect(await call('/api/v1/notes', { token, body: 'x', headers: { 'content-type': 'text/plain' } })).toMatchObject({ status: 415, body: { error: 'unsupported_media_type' } });
    expect(await call('/api/v1/notes', { token, body: JSON.stringify({ user_id: 1, note: 'x'.repeat(1_048_577) }) })).toMatchObject({ status: 413, body: { error: 'too_large' } });
    expect(await call('/api/v1/nothing', { token })).toMatchObject({ status: 404, body: { error: 'not_found' } });
  });

  it("maps a domain refusal by its kind, with the domain's own code", async () => {
    expect(await call('/api/v1/notes/taken', { token: await tokenOf(1) })).toMatchObject({ status: 409, body: { error: 'note_taken', message: 'Note 3 is taken; choose another.' } });
  });

  it('keeps what nobody foresaw in the log, under the correlation id that the client gets', async () => {
    const answer = await call('/api/v1/notes/fails', { token: await tokenOf(1) });
    expect(answer.status).toBe(500);
    expect(JSON.stringify(answer.body)).not.toContain('hunter2');
    const { correlation_id } = answer.body.details;
    expect(log.find((line) => line.includes(correlation_id) && line.includes('secret detail'))).toBeDefined();
  });

  it("keeps the caller's correlation id through the body's parser, and replaces one that is no UUID", async () => {
    const body = JSON.stringify({ user_id: 1, note: 'x' });
    const token = await tokenOf(1);
    const id = '0190a3c4-5d6e-7f80-8a9b-0c1d2e3f4a5b';
    const kept = await call('/api/v1/notes', { token, body, headers: { 'x-correlation-id': id } });
    expect([kept.status, kept.body.correlation, kept.headers.get('x-correlation-id')]).toEqual([201, id, id]);
    const made = await call('/api/v1/notes', { token, body, headers: { 'x-correlation-id': 'me\t1' } });
    expect(made.body.correlation).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('R-24: has health and metrics at the root, open', async () => {
    expect((await call('/health/live')).body).toEqual({ status: 'live' });
    expect(await call('/health/ready')).toMatchObject({ status: 200, body: { status: 'ready' } });
    const metrics = await call('/metrics');
    expect(metrics.body).toContain('http_server_request_duration_seconds_count');
    expect(metrics.body).toContain('process_resident_memory_bytes');
    expect((await call('/api/v1/health/live')).status).toBe(404);
  });
});
