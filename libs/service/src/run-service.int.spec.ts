import { generateKeyPairSync } from 'node:crypto';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Module } from '@nestjs/common';
import { migrate } from '@lifeos/postgres';
import { createTestDatabase, type TestDatabase } from '@lifeos/testing';
import { Writable } from 'node:stream';
import { runService } from './run-service.js';
import { serviceMigrations } from './wiring/migrations.js';

@Module({})
class EmptyModule {}

const folder = mkdtempSync(join(tmpdir(), 'service-'));
mkdirSync(join(folder, 'migrations'));
writeFileSync(join(folder, 'migrations', '0001_things.sql'), '-- Up Migration\ncreate table things (id int);\n');
const definition = { name: 'quests', module: EmptyModule, migrations: pathToFileURL(`${join(folder, 'migrations')}/`) };
const logDestination = new Writable({ write: (_line, _encoding, done) => done() });

describe('running a service', () => {
  let home: TestDatabase;
  let environment: Record<string, string>;
  beforeAll(async () => {
    home = await createTestDatabase();
    const { publicKey } = generateKeyPairSync('ed25519', { publicKeyEncoding: { type: 'spki', format: 'pem' }, privateKeyEncoding: { type: 'pkcs8', format: 'pem' } });
    environment = { PORT: '0', DATABASE_URL: home.url, KAFKA_BROKERS: '127.0.0.1:1', SCHEMA_REGISTRY_URL: 'http://127.0.0.1:1', JWT_PUBLIC_KEY: publicKey };
  });
  afterAll(() => home.drop());

  it('refuses a database that is not migrated, names what is missing and what to run', async () => {
    await expect(runService(definition, { environment, logDestination })).rejects.toMatchObject({
      code: 'NOT_MIGRATED',
      message: expect.stringMatching(/001_event_log.*0001_things\. Run: lifeos migrate quests/),
    });
  });

  it('starts and serves while broker and registry are away: degraded, not unready', async () => {
    await migrate({ url: home.url, sets: serviceMigrations(definition.migrations) });
    const service = await runService(definition, { environment, logDestination });
    const ready = await fetch(`${service.url}/health/ready`);
    expect(ready.status).toBe(200);
    expect(await ready.json()).toMatchObject({ status: 'degraded', parts: { database: 'up', registry: 'down' } });
    const metrics = await (await fetch(`${service.url}/metrics`)).text();
    expect(metrics).toMatch(/outbox_pending\{service="quests"\} 0/);
    const report = await service.stop();
    expect(report).toEqual({ abandoned: [] });
    await expect(fetch(`${service.url}/health/live`)).rejects.toThrow();
    expect(await service.stop()).toBe(report);
  });
});
