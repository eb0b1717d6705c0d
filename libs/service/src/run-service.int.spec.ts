import { generateKeyPairSync } from 'node:crypto';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Controller, Module } from '@nestjs/common';
import { upcaster } from '@lifeos/contracts';
import { SleepLogged, SleepLoggedV2, workedMajors } from '@lifeos/contracts/testing';
import { Handles } from '@lifeos/kafka';
import { migrate } from '@lifeos/postgres';
import { createTestDatabase, type TestDatabase } from '@lifeos/testing';
import { Writable } from 'node:stream';
import { runService } from './run-service.js';
import { serviceMigrations } from './wiring/migrations.js';

@Module({})
class EmptyModule {}

@Controller()
class SleepReaction {
  @Handles(SleepLoggedV2, { name: 'log-sleep', versions: '>=1.0.0 <3.0.0', from: 'beginning' })
  handle(): void {}
}

@Module({ controllers: [SleepReaction] })
class SleepModule {}

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

  it('VR-5: refuses a gap inside a range that it declares before it opens anything, and starts once an upcaster closes it', async () => {
    const sleepy = { ...definition, module: SleepModule, privateEventTypes: workedMajors.types };
    const gap = 'The range of handler log-sleep holds lifeos.health.v1.SleepLogged 1.0.0, which it cannot be given';
    await expect(runService(sleepy, { environment: {}, logDestination })).rejects.toMatchObject({ code: 'VERSION_GAPS_IN_RANGE', message: expect.stringContaining(gap) });
    const privateUpcasters = [upcaster(SleepLogged, SleepLoggedV2, ({ user_id, minutes }) => ({ user_id, duration_ms: minutes * 60_000, notes: [] }))];
    await expect(runService({ ...sleepy, privateUpcasters }, { environment: {}, logDestination })).rejects.toMatchObject({ name: 'InvalidConfig' });
  });

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
