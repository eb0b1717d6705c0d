import { generateKeyPairSync, verify } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { main } from '../main.js';

interface Asked {
  readonly method: string;
  readonly url: string;
  readonly token: string;
  readonly body: unknown;
}

const letter = {
  id: '7', handler: 'book-experience', topic: 'lifeos.quests.events', key: '5', partition: 2, offset: 41, event_id: null, event_type: 'lifeos.quests.v1.QuestCompleted', event_version: '1.0.0',
  status: 'exhausted', reason: 'handler_error', error_code: 'X', error_message: 'the ledger\nis closed', attempts: 4, retries: 3, max_retries: 3,
  first_failed_at: null, last_failed_at: null, next_attempt_at: null, parked_at: '2026-11-21T10:00:00.000Z', is_edited: false,
};
const statistics = { total: 3, heads: 1, followers: 2, parked_keys: 1, due_now: 0, exhausted: 1, oldest: '2026-11-21T10:00:00.000Z', relay_refused: 0, by_reason: { handler_error: 1 }, by_handler: { 'book-experience': 3 }, by_event: {} };
const answers: Record<string, [number, string]> = {
  '': [200, JSON.stringify({ letters: [letter], next: '7' })],
  '/stats': [200, JSON.stringify(statistics)],
  '/retry': [200, JSON.stringify({ letters: 4, next: '99', dry_run: false })],
  '/export': [200, `${JSON.stringify(letter)}\n`],
  '/7': [200, JSON.stringify(letter)],
  '/7/skip': [204, ''],
  '/7/edit': [204, ''],
};
const { publicKey, privateKey } = generateKeyPairSync('ed25519');

describe('npx lifeos dead-letters', () => {
  const folder = mkdtempSync(join(tmpdir(), 'lifeos-cli-'));
  const asked: Asked[] = [];
  let server: Server;
  let url: string;
  let said: string[];

  beforeAll(async () => {
    server = createServer((request, response) => void answer(request).then(([status, body]) => response.writeHead(status).end(body)));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    mkdirSync(join(folder, 'keys'));
    writeFileSync(join(folder, 'keys', 'jwt-private.pem'), privateKey.export({ type: 'pkcs8', format: 'pem' }));
    writeFileSync(join(folder, 'run.json'), JSON.stringify({ services: { dashboard: { url }, quests: { url } } }));
    process.env['LIFEOS_LOCAL'] = folder;
  });
  afterAll(() => {
    delete process.env['LIFEOS_LOCAL'];
    rmSync(folder, { recursive: true });
    server.close();
    server.closeAllConnections();
  });
  beforeEach(() => {
    asked.length = 0;
    said = [];
    for (const method of ['log', 'error'] as const) jest.spyOn(console, method).mockImplementation((text: string) => void said.push(text));
    jest.spyOn(process.stdout, 'write').mockImplementation((chunk) => said.push(Buffer.from(chunk as Uint8Array).toString()) > 0);
  });
  afterEach(() => {
    jest.restoreAllMocks();
    delete process.env['LIFEOS_TOKEN'];
    process.exitCode = undefined;
  });

  async function answer(request: IncomingMessage): Promise<[number, string]> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks).toString();
    const path = (request.url ?? '').replace('/api/v1/operator/dead-letters', '');
    asked.push({ method: request.method ?? '', url: path, token: (request.headers.authorization ?? '').replace('Bearer ', ''), body: body === '' ? undefined : JSON.parse(body) });
    return answers[path.split('?')[0] ?? ''] ?? [404, JSON.stringify({ error: 'letter_not_found', message: 'There is no dead letter 8.' })];
  }
  const lifeos = async (...args: string[]): Promise<string> => {
    await main(['node', 'lifeos', 'dead-letters', ...args]);
    return said.join('\n');
  };

  it('lists those of every service as a table, and says where there are more', async () => {
    const text = await lifeos('list', '--reason', 'handler_error', '--event', 'QuestCompleted', '--limit', '1');
    expect(asked.map(({ url: path }) => path)).toEqual(Array(2).fill('?reason=handler_error&event_type=QuestCompleted&limit=1'));
    expect(text).toMatch(/dashboard +7 +exhausted +book-experience +QuestCompleted +5 +lifeos\.quests\.events\/2\/41 +handler_error +3\/3 +- +the ledger is closed/);
    expect(text).toContain('More: --service quests --after 7');
  });

  it('proves to be an operator by a token made from the local key, or by the one that is set', async () => {
    await lifeos('stats', '--service', 'quests');
    const [head, claims, signature] = (asked[0]?.token ?? '').split('.');
    expect(JSON.parse(Buffer.from(claims ?? '', 'base64url').toString())).toMatchObject({ role: 'operator', iss: 'lifeos', aud: 'lifeos' });
    expect(verify(null, Buffer.from(`${head}.${claims}`), publicKey, Buffer.from(signature ?? '', 'base64url'))).toBe(true);
    process.env['LIFEOS_TOKEN'] = 'given';
    await lifeos('stats', '--url', url);
    expect(asked[1]?.token).toBe('given');
  });

  it('tells statistics, for people and as JSON', async () => {
    expect(await lifeos('stats')).toMatch(/quests +3 +1 +2 +1 +0 +1 +0 +2026[\s\S]*handler +book-experience +3/);
    said = [];
    expect(JSON.parse(await lifeos('stats', '--service', 'quests', '--json'))).toMatchObject({ service: 'quests', total: 3 });
  });

  it('retries what is meant, and goes on where a cap ended', async () => {
    const text = await lifeos('retry', '--service', 'quests', '--handler', 'book-experience', '--cap', '4', '--after', '50', '--why', 'ledger is open');
    expect(asked[0]).toMatchObject({ method: 'POST', url: '/retry', body: { filter: { handler: 'book-experience' }, cap: 4, after: '50', reason: 'ledger is open' } });
    expect(text).toContain('quests: 4 are tried again now.');
    expect(text).toContain('--after 99');
    await lifeos('retry', '7', '--service', 'quests', '--dry-run');
    expect(asked[1]?.body).toEqual({ filter: { id: '7' }, dry_run: true });
  });

  it('shows, edits, skips and exports one', async () => {
    expect(JSON.parse(await lifeos('show', '7', '--service', 'quests'))).toMatchObject({ id: '7' });
    writeFileSync(join(folder, 'payload.json'), '{"quest_id": 3}');
    await lifeos('edit', '7', '--service', 'quests', '--payload', `@${join(folder, 'payload.json')}`);
    await lifeos('skip', '7', '--service', 'quests', '--why', 'a test');
    expect(asked.slice(1)).toMatchObject([{ url: '/7/edit', body: { payload: { quest_id: 3 } } }, { url: '/7/skip', body: { reason: 'a test' } }]);
    said = [];
    expect(JSON.parse(await lifeos('export', '--service', 'quests'))).toMatchObject({ id: '7' });
  });

  it('fails in words, with exit code 1', async () => {
    const failures: [string[], RegExp][] = [
      [['show', '7'], /Say which service.*dashboard \| quests/],
      [['show', '8', '--service', 'quests'], /quests answered 404: There is no dead letter 8\./],
      [['stats', '--service', 'nothing'], /No service nothing is up here; there are dashboard, quests/],
      [['stats', '--url', 'http://127.0.0.1:1'], /cannot be reached/],
      [['edit', '7', '--service', 'quests', '--payload', '{'], /The payload is no JSON/],
    ];
    for (const [args, message] of failures) {
      said = [];
      process.exitCode = undefined;
      expect(await lifeos(...args)).toMatch(message);
      expect(process.exitCode).toBe(1);
    }
  });
});
