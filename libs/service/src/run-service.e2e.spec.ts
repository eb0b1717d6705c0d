import { generateKeyPairSync } from 'node:crypto';
import { mkdirSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { allRecordTypes, defineEvent, SkillMasteryAchieved, SkillPracticed, type AnyEventType } from '@lifeos/contracts';
import type { HandlerContext } from '@lifeos/delivery';
import { readHeaders, type EventOf } from '@lifeos/events';
import { createTopics, Handles, readTopicToEnd, type KafkaConfig } from '@lifeos/kafka';
import { migrate, openDatabase, type Database } from '@lifeos/postgres';
import { publishSchemas } from '@lifeos/schema-registry';
import { createTestDatabase, type TestDatabase } from '@lifeos/testing';
import { Controller, Injectable, Module } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { Commands } from './commands/commands.js';
import { runService, type RunningService } from './run-service.js';
import type { DailyJob } from './schedule/daily-job.js';
import type { ServiceDefinition } from './service-definition.js';
import { serviceMigrations } from './wiring/migrations.js';

const at = new Date('2026-11-21T12:00:00Z');

@Controller()
class MasterWhenPracticed {
  @Handles(SkillPracticed, { name: 'master-when-practiced', versions: '^1.0.0', from: 'beginning' })
  handle(@Payload() cause: EventOf<typeof SkillPracticed>, @Ctx() context: HandlerContext): void {
    const { user_id, skill_id, practice_duration } = cause.payload;
    context.raise(SkillMasteryAchieved, { user_id, skill_id, mastery_level: 'novice', total_practice_time: practice_duration, mastery_timestamp: at }, { cause });
  }
}

@Module({ controllers: [MasterWhenPracticed] })
class SkillsModule {}

@Injectable()
class NightlyJob implements DailyJob {
  readonly name = 'nightly';
  readonly hoursAfterDay = 0;
  peopleAfter = (): Promise<number[]> => Promise.resolve([]);
  run = (): Promise<void> => Promise.resolve();
}

@Module({ providers: [NightlyJob] })
class NightlyModule {}

const folder = mkdtempSync(join(tmpdir(), 'service-'));
mkdirSync(join(folder, 'migrations'));
const definition: ServiceDefinition = { name: 'skills', module: SkillsModule, migrations: pathToFileURL(`${join(folder, 'migrations')}/`) };
const kafka: KafkaConfig = { brokers: (process.env['KAFKA_BROKERS'] ?? '').split(','), clientId: 'service-e2e' };
const { publicKey } = generateKeyPairSync('ed25519', { publicKeyEncoding: { type: 'spki', format: 'pem' }, privateKeyEncoding: { type: 'pkcs8', format: 'pem' } });

const topic = 'lifeos.skills.events';
const userId = 1_000_000_000 + Math.floor(Math.random() * 1_000_000_000);

interface Life {
  readonly service: RunningService;
  readonly database: Database;
  readonly lines: string[];
  end(): Promise<void>;
}

/** The service on a database of its own; another life of it has another. */
async function live(ofDefinition: ServiceDefinition = definition): Promise<Life> {
  const home: TestDatabase = await createTestDatabase();
  await migrate({ url: home.url, sets: serviceMigrations(ofDefinition.migrations) });
  const lines: string[] = [];
  const environment = { ...process.env, PORT: '0', DATABASE_URL: home.url, JWT_PUBLIC_KEY: publicKey, KAFKA_GROUP_ID: `skills-${userId}` };
  const logDestination = new Writable({ write: (line, _encoding, done) => (lines.push(String(line)), done()) });
  const service = await runService(ofDefinition, { environment, logDestination });
  const database = openDatabase({ url: home.url, applicationName: 'test' });
  const end = async () => {
    await service.stop();
    await database.close();
    await home.drop();
  };
  return { service, database, lines, end };
}

async function published() {
  const found: { eventId: string; type: string; correlationId: string | null; causationId: string | null }[] = [];
  await readTopicToEnd(kafka, topic, (records) => {
    for (const { headers } of records) {
      const read = readHeaders(headers);
      if ('eventId' in read && read.subject === String(userId)) found.push({ ...read, type: read.type.split('.').at(-1) ?? '' });
    }
  });
  return found;
}

async function until<T>(ask: () => Promise<T>, holds: (answer: T) => boolean): Promise<T> {
  const deadline = performance.now() + 90_000;
  for (;;) {
    const answer = await ask();
    if (holds(answer)) return answer;
    if (performance.now() > deadline) throw new Error(`Still ${JSON.stringify(answer)} after 30 s.`);
    await sleep(200);
  }
}

describe('a service with broker and registry', () => {
  beforeAll(async () => {
    const topics = [...new Set(allRecordTypes.flatMap((type: AnyEventType) => type.topic ?? []))].map((name) => ({ topic: name, partitions: 6, config: { 'retention.ms': '-1' } }));
    await createTopics(kafka, topics);
    await publishSchemas({ registryUrl: process.env['SCHEMA_REGISTRY_URL'] ?? '', eventTypes: allRecordTypes });
  });

  let first: Life;
  afterAll(() => first?.end());

  it('P-19: publishes what a command raised, and what its own handler made of it, once', async () => {
    first = await live();
    const eventId = await first.service.app.get(Commands).execute({ keys: [userId] }, async (_tx, raise) =>
      raise(SkillPracticed, { user_id: userId, skill_id: 1, practice_duration: 30, experience_gained: 15, practice_timestamp: at }),
    );
    const [practiced, mastered] = await until(published, (events) => events.length >= 2);
    expect(practiced).toMatchObject({ eventId, type: 'SkillPracticed', causationId: null });
    expect(mastered).toMatchObject({ type: 'SkillMasteryAchieved', causationId: eventId, correlationId: practiced?.correlationId });
    // N-2
    expect(first.lines.some((line) => line.includes('"Published."') && line.includes(eventId))).toBe(true);
    const ready = await until(async () => (await fetch(`${first.service.url}/health/ready`)).json() as Promise<{ status: string }>, ({ status }) => status === 'ready');
    expect(ready).toMatchObject({ parts: { database: 'up', broker: 'up', registry: 'up' } });
    const metrics = await (await fetch(`${first.service.url}/metrics`)).text();
    expect(metrics).toMatch(/kafka_consumergroup_lag\{consumergroup="skills-\d+",topic="lifeos.skills.events",partition="\d",service="skills"\} 0/);
    expect(metrics).toMatch(/outbox_pending\{service="skills"\} 0/);
    expect((await first.service.stop()).abandoned).toEqual([]);
  });

  it('F-10: a rebuilt one puts its events back before it goes on, and publishes none of them again', async () => {
    const before = await published();
    const second = await live();
    const inLog = async () => (await second.database.query<{ event_id: string }>('SELECT event_id FROM event_log WHERE key = $1', [String(userId)])).rows;
    const restored = await until(inLog, (rows) => rows.length >= before.length);
    expect(restored.map(({ event_id }) => event_id).sort()).toEqual(before.map(({ eventId }) => eventId).sort());
    const handled = async () => (await second.database.query<{ done: number }>('SELECT coalesce(sum(next_offset), 0)::int AS done FROM consumer_positions')).rows[0]?.done ?? 0;
    await until(handled, (done) => done >= before.length);
    await second.end();
    expect(await published()).toEqual(before);
  });

  it('refuses to start when a reachable registry lacks a schema that it publishes, and names the subject', async () => {
    const name = `Unreleased${userId}`;
    const unreleased = defineEvent<{ user_id: number }, { user_id: number }>({
      name, context: 'skills', major: 1, topic,
      schemas: [{ type: 'record', namespace: 'lifeos.skills.v1', name, doc: 'Test.', version: '1.0.0', fields: [{ name: 'user_id', type: 'long', doc: 'User.' }] }],
    });
    await expect(live({ ...definition, privateEventTypes: [unreleased] })).rejects.toMatchObject({
      code: 'SCHEMA_NOT_REGISTERED',
      message: expect.stringContaining(`lifeos.skills.v1.${name}`),
    });
  });

  it('runs its daily jobs by itself once it publishes and handles events, and stops with nothing left', async () => {
    const { service, database, end } = await live({ ...definition, module: NightlyModule, jobs: [NightlyJob] });
    const finished = async () => (await database.query('SELECT job FROM job_runs WHERE finished_at IS NOT NULL')).rows;
    expect(await until(finished, (rows) => rows.length > 0)).toEqual([{ job: 'nightly' }]);
    expect(await service.stop()).toEqual({ abandoned: [] });
    await end();
  });
});
