import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Module } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { allEventTypes, QuestCompleted } from '@lifeos/contracts';
import { BatchProcessor, DeadLetterDesk, deliveryMigrations, type HandlerDefinition } from '@lifeos/delivery';
import { EventLog, eventLogMigrations } from '@lifeos/event-log';
import { headersOf, newEventId, type IncomingRecord, type RecordDecoder } from '@lifeos/events';
import { migrate, openDatabase, type Database } from '@lifeos/postgres';
import { createTestDatabase, type TestDatabase } from '@lifeos/testing';
import { exportPKCS8, exportSPKI, generateKeyPair } from 'jose';
import { createTokenSigner } from '../auth/access-tokens.js';
import type { Role } from '../auth/principal.js';
import { createApp } from '../http/create-app.js';
import { createMetrics } from '../metrics/metrics.js';
import { testParts } from '../testing/test-parts.js';
import { readDeadLetters } from './dead-letter-metrics.js';

@Module({})
class EmptyModule {}

const topic = 'lifeos.quests.events';
const decoder: RecordDecoder = { decode: ({ value }) => QuestCompleted.decode(value ?? Buffer.alloc(0), QuestCompleted.version) };
const payload = { user_id: 5, quest_id: 9, quest_type: 'daily' as const, experience_reward: 25, completion_timestamp: new Date(0), auto_completed: false };
const failing: HandlerDefinition = {
  name: 'book-experience', aliases: [], types: [QuestCompleted], versions: '>=1.0.0', batch: false, from: 'beginning', timeoutMs: 1_000,
  invoke: () => Promise.reject(new Error('the ledger is closed')),
};

function record(offset: number): IncomingRecord {
  const headers = headersOf({ eventId: newEventId(), recordName: QuestCompleted.recordName, context: 'quests', version: '1.0.0', timestamp: new Date(), key: '5', correlationId: null, causationId: null, traceparent: null });
  return { topic, partition: 0, offset, key: Buffer.from('5'), value: QuestCompleted.encode(QuestCompleted.build(payload)), headers, timestamp: Date.now() };
}

describe('dead letters by HTTP', () => {
  let test: TestDatabase;
  let database: Database;
  let desk: DeadLetterDesk;
  let app: NestFastifyApplication;
  let base: string;
  const tokens = new Map<Role, string>();

  beforeAll(async () => {
    test = await createTestDatabase();
    await migrate({ url: test.url, sets: [eventLogMigrations, deliveryMigrations] });
    database = openDatabase({ url: test.url, applicationName: 'dead-letters-test', max: 4 });
    const eventLog = new EventLog({ database, service: 'dashboard', types: allEventTypes });
    await new BatchProcessor({ handlers: [failing], decoder, database, eventLog }).process(
      { topic, partition: 0, records: [record(0), record(1)], fetchedOffset: 0, highWatermark: 2 },
      new AbortController().signal,
    );
    desk = new DeadLetterDesk({ database, types: allEventTypes, decoder });
    const pair = await generateKeyPair('EdDSA', { extractable: true });
    const signer = await createTokenSigner(await exportPKCS8(pair.privateKey), { issuer: 'lifeos', audience: 'lifeos' });
    for (const role of ['user', 'operator'] as const) tokens.set(role, await signer.sign({ userId: 7, role }, new Date(), 600));
    const { parts } = testParts({ JWT_PUBLIC_KEY: await exportSPKI(pair.publicKey) });
    app = await createApp(EmptyModule, { ...parts, deadLetters: desk }, null);
    await app.listen(0, '127.0.0.1');
    base = `${await app.getUrl()}/api/v1/operator/dead-letters`;
  });
  afterAll(async () => {
    await app.close();
    await database.close();
    await test.drop();
  });

  async function call(path: string, body?: object, role: Role | null = 'operator') {
    const headers = { ...(role === null ? {} : { authorization: `Bearer ${tokens.get(role)}` }), ...(body === undefined ? {} : { 'content-type': 'application/json' }) };
    const response = await fetch(base + path, { method: body === undefined ? 'GET' : 'POST', headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
    const text = await response.text();
    return { status: response.status, body: text.startsWith('{') && !text.includes('}\n{') ? JSON.parse(text) : text };
  }
  const idOf = async (offset: number): Promise<string> => (await desk.list()).letters.find((letter) => letter.offset === offset)?.id ?? '';

  it('are for operators alone', async () => {
    for (const path of ['', '/stats', '/audit', '/export', '/1']) {
      expect((await call(path, undefined, null)).status).toBe(401);
      expect((await call(path, undefined, 'user')).status).toBe(403);
    }
    for (const path of ['/retry', '/1/edit', '/1/skip']) expect((await call(path, {}, 'user')).status).toBe(403);
  });

  it('are listed, counted, shown and exported', async () => {
    expect(await call('?handler=book-experience&limit=1')).toMatchObject({ status: 200, body: { letters: [{ handler: 'book-experience', status: 'waiting', reason: 'handler_error' }], next: expect.any(String) } });
    expect(await call('/stats')).toMatchObject({ body: { total: 2, heads: 1, followers: 1, by_handler: { 'book-experience': 2 } } });
    expect(await call(`/${await idOf(0)}`)).toMatchObject({ body: { error_message: 'the ledger is closed', payload: { quest_id: 9 } } });
    const lines = (await call('/export')).body.trim().split('\n');
    expect(lines.map((line: string) => JSON.parse(line).offset)).toEqual([0, 1]);
    expect(await call('/999')).toMatchObject({ status: 404, body: { error: 'letter_not_found' } });
  });

  it('refuse what they do not know, naming each fault', async () => {
    expect(await call('?status=odd&limit=0&colour=red')).toMatchObject({ status: 400, body: { details: [{ field: 'status' }, { field: 'limit' }, { field: 'colour' }] } });
    expect(await call('/retry', { filter: { colour: 'red' } })).toMatchObject({ status: 400 });
    expect(await call('/retry', {})).toMatchObject({ status: 400, body: { error: 'nothing_selected' } });
    expect(await call('/1/skip', {})).toMatchObject({ status: 400, body: { details: [{ field: 'reason', message: 'is missing' }] } });
    expect(await call(`/${await idOf(0)}/edit`, { payload: { user_id: 5 } })).toMatchObject({ status: 400, body: { error: 'invalid_edit' } });
  });

  it('are mended, and it is written down by whom', async () => {
    expect(await call('/retry', { filter: { handler: 'book-experience' }, dry_run: true })).toEqual({ status: 200, body: { letters: 1, next: null, dry_run: true } });
    expect(await call('/retry', { filter: { id: await idOf(1) } })).toMatchObject({ status: 409, body: { error: 'letter_waits' } });
    expect(await call('/retry', { all: true, reason: 'the ledger is open' })).toMatchObject({ status: 200, body: { letters: 1 } });
    const edited = QuestCompleted.toJson(QuestCompleted.build({ ...payload, quest_id: 10 }));
    expect(await call(`/${await idOf(0)}/edit`, { payload: edited })).toMatchObject({ status: 204 });
    expect(await call(`/${await idOf(0)}/skip`, { reason: 'a test' })).toMatchObject({ status: 204 });
    const { body } = await call('/audit');
    expect(body.entries).toMatchObject([{ action: 'skip', actor: 'operator 7' }, { action: 'edit' }, { action: 'retry', reason: 'the ledger is open' }]);
  });

  it('are measured, and left out of the measures when the database is away', async () => {
    const metrics = createMetrics('dashboard');
    await readDeadLetters(metrics, desk);
    const shown = await metrics.registry.metrics();
    expect(shown).toMatch(/^dead_letters\{service="dashboard"\} 1$/m);
    expect(shown).toMatch(/^dead_letters_by_handler\{handler="book-experience",service="dashboard"\} 1$/m);
    await readDeadLetters(metrics, { statistics: () => Promise.reject(new Error('away')) });
    expect(await metrics.registry.metrics()).not.toMatch(/^dead_letters\{/m);
  });
});
