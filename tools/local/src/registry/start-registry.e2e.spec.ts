import { randomUUID } from 'node:crypto';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ensureDatabase } from '../postgres/databases.js';
import { type RunningPostgres, startPostgres } from '../postgres/start-postgres.js';
import { type RunningRegistry, startRegistry } from './start-registry.js';

interface Field {
  readonly name: string;
  readonly type: string;
  readonly default?: unknown;
}

const record = (version: string, fields: readonly Field[]) =>
  JSON.stringify({ type: 'record', namespace: 'lifeos.test.v1', name: 'Happened', version, fields });
const id: Field = { name: 'user_id', type: 'long' };
const note: Field = { name: 'note', type: 'string', default: '' };

let dataDir: string;
let postgres: RunningPostgres;
let registry: RunningRegistry;
const start = async () => startRegistry({ dataDir: join(dataDir, 'registry'), databaseUrl: await ensureDatabase(postgres.url, 'registry') });

async function send(method: string, path: string, body: unknown): Promise<{ status: number; body: Record<string, unknown> }> {
  const response = await fetch(registry.url + path, {
    method,
    headers: { 'content-type': 'application/vnd.schemaregistry.v1+json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

const publish = (subject: string, schema: string) => send('POST', `/subjects/${subject}/versions`, { schema });
const newSubject = () => `lifeos.test.v1.Happened-${randomUUID()}`;

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'registry-'));
  await chmod(dataDir, 0o755);
  postgres = await startPostgres({ dataDir: join(dataDir, 'postgres'), fsync: false });
  registry = await start();
}, 300_000);
afterAll(async () => {
  await registry.stop();
  await postgres.stop();
  await rm(dataDir, { recursive: true, force: true });
}, 300_000);

describe('the local schema registry', () => {
  it('gives versions that differ only in a custom attribute ids of their own', async () => {
    const subject = newSubject();
    const [first, second] = [await publish(subject, record('1.0.0', [id])), await publish(subject, record('1.0.1', [id]))];
    expect([first.status, second.status]).toEqual([200, 200]);
    expect(second.body['id']).not.toBe(first.body['id']);
  });

  it('gives the id it has when a schema is published again', async () => {
    const subject = newSubject();
    const first = await publish(subject, record('1.0.0', [id]));
    expect(await publish(subject, record('1.0.0', [id]))).toEqual(first);
  });

  it('refuses what breaks FULL_TRANSITIVE with 409, and takes what does not', async () => {
    const subject = newSubject();
    await publish(subject, record('1.0.0', [id]));
    await send('PUT', `/config/${subject}`, { compatibility: 'FULL_TRANSITIVE' });
    expect((await publish(subject, record('1.1.0', [id, note]))).status).toBe(200);
    expect((await publish(subject, record('1.2.0', [id, note, { name: 'must', type: 'string' }]))).status).toBe(409);
    expect((await publish(subject, record('1.2.0', [note]))).status).toBe(409);
  });

  it('keeps schemas, ids and compatibility over a restart', async () => {
    const subject = newSubject();
    const { body } = await publish(subject, record('1.0.0', [id]));
    await send('PUT', `/config/${subject}`, { compatibility: 'FULL_TRANSITIVE' });
    await registry.stop();
    registry = await start();
    expect(JSON.parse(String((await send('GET', `/schemas/ids/${body['id']}`, undefined)).body['schema']))).toEqual(JSON.parse(record('1.0.0', [id])));
    expect((await publish(subject, record('1.0.0', [id]))).body).toEqual(body);
    expect((await publish(subject, record('2.0.0', [note]))).status).toBe(409);
  }, 300_000);
});
