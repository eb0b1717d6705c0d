import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { allRecordTypes, BalanceScoreCalculated, ConsentState } from '@lifeos/contracts';
import type { EventOf } from '@lifeos/events';
import { createTopics, Handles, type KafkaConfig } from '@lifeos/kafka';
import { migrate, openDatabase, type Database } from '@lifeos/postgres';
import { publishSchemas } from '@lifeos/schema-registry';
import { createTestDatabase } from '@lifeos/testing';
import { Controller, Injectable, Module } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import { Commands } from '../commands/commands.js';
import { runService, type RunningService } from '../run-service.js';
import type { ServiceDefinition } from '../service-definition.js';
import { serviceMigrations } from '../wiring/migrations.js';
import { auditOf } from './consent-audit.js';
import type { ConsentListener, EndedConsent } from './consent-listener.js';

const at = new Date('2026-11-21T12:00:00Z');
const ada = 1_000_000_000 + Math.floor(Math.random() * 1_000_000_000);
const bob = ada + 1;
const kafka: KafkaConfig = { brokers: (process.env['KAFKA_BROKERS'] ?? '').split(','), clientId: 'consent-e2e' };
const { publicKey } = generateKeyPairSync('ed25519', { publicKeyEncoding: { type: 'spki', format: 'pem' }, privateKeyEncoding: { type: 'pkcs8', format: 'pem' } });
const migrations = pathToFileURL(`${mkdtempSync(join(tmpdir(), 'consent-e2e-'))}/`);

const handled: number[] = [];
const ended: EndedConsent[] = [];

@Controller()
class KeepScores {
  @Handles(BalanceScoreCalculated, { name: 'keep-scores', versions: '^1.0.0', from: 'beginning', batch: true })
  handle(@Payload() events: readonly EventOf<typeof BalanceScoreCalculated>[]): void {
    handled.push(...events.map(({ payload }) => payload.user_id));
  }
}

@Injectable()
class DropScores implements ConsentListener {
  async consentsEnded(all: readonly EndedConsent[]): Promise<void> {
    ended.push(...all);
  }
}

@Module({})
class ProducerModule {}

@Module({ controllers: [KeepScores], providers: [DropScores] })
class ConsumerModule {}

/** Decides on consents and works scores out. */
const producer: ServiceDefinition = { name: 'analytics', module: ProducerModule, migrations, alsoPublishes: [ConsentState] };
const consumerNamed = (name: string): ServiceDefinition => ({ name, module: ConsumerModule, migrations, consentListeners: [DropScores] });

interface Life {
  readonly service: RunningService;
  readonly database: Database;
}
const ends: (() => Promise<void>)[] = [];

async function live(definition: ServiceDefinition): Promise<Life> {
  const home = await createTestDatabase();
  await migrate({ url: home.url, sets: serviceMigrations(definition.migrations) });
  const environment = { ...process.env, PORT: '0', DATABASE_URL: home.url, JWT_PUBLIC_KEY: publicKey, KAFKA_GROUP_ID: `${definition.name}-${ada}` };
  const service = await runService(definition, { environment, logDestination: new Writable({ write: (_line, _encoding, done) => done() }) });
  const database = openDatabase({ url: home.url, applicationName: 'test' });
  ends.unshift(async () => {
    await service.stop();
    await database.close();
    await home.drop();
  });
  return { service, database };
}

async function until(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = performance.now() + 60_000;
  while (!(await holds())) {
    if (performance.now() > deadline) throw new Error(`Waited 60 s in vain until ${what}.`);
    await sleep(100);
  }
}

const commandsOf = ({ service }: Life) => service.app.get(Commands, { strict: false });
const decide = (life: Life, user_id: number, revision: number, status: string) =>
  commandsOf(life).execute({ keys: [user_id] }, async (_tx, raise) =>
    raise(ConsentState, { user_id, revision, purposes: { analytics: status }, event_type_overrides: {}, changed_at: at }));
const score = (life: Life, user_id: number) =>
  commandsOf(life).execute({ keys: [user_id] }, async (_tx, raise) =>
    raise(BalanceScoreCalculated, { user_id, health_score: 0.5, wealth_score: 0.5, relationships_score: 0.5, overall_balance: 0.5, calculation_timestamp: at }));
const knows = async ({ database }: Life, userId: number, revision: number) =>
  (await database.query('SELECT FROM consents WHERE user_id = $1 AND revision = $2', [userId, revision])).rowCount === 1;
const decisionsOn = async ({ database }: Life, userId: number) => (await auditOf(database, userId)).map(({ decision }) => decision).reverse();

beforeAll(async () => {
  const topics = [...new Set(allRecordTypes.flatMap(({ topic }) => topic ?? []))];
  const configOf = (topic: string): Record<string, string> => (topic === ConsentState.topic ? { 'cleanup.policy': 'compact' } : { 'retention.ms': '-1' });
  await createTopics(kafka, topics.map((topic) => ({ topic, partitions: 6, config: configOf(topic) })));
  await publishSchemas({ registryUrl: process.env['SCHEMA_REGISTRY_URL'] ?? '', eventTypes: allRecordTypes });
}, 90_000);
afterAll(async () => {
  for (const end of ends) await end();
});

it('F-7, V-6 to V-9: a granted purpose lets events through, a withdrawn one stops them in every service, also in one that starts late', async () => {
  const [source, reader] = [await live(producer), await live(consumerNamed('stats'))];

  await decide(source, ada, 1, 'granted');
  await decide(source, bob, 1, 'granted');
  await until('the producer knows what people allow', async () => (await knows(source, ada, 1)) && (await knows(source, bob, 1)));
  await score(source, ada);
  await until('the event is handled', () => handled.includes(ada));

  await decide(source, ada, 2, 'withdrawn');
  await until('the listener is told', () => ended.some(({ user_id }) => user_id === ada));
  expect(ended[0]).toMatchObject({ user_id: ada, purposes: new Set(['analytics']) });
  await until('the change is stored', () => knows(reader, ada, 2));
  await score(source, ada);
  await score(source, bob);
  await until('what came afterwards is refused', async () => (await decisionsOn(reader, ada)).includes('refused'));
  await until('the other person is handled', async () => (await decisionsOn(reader, bob)).includes('handled'));
  expect(await decisionsOn(reader, ada)).toEqual(['allowed', 'handled', 'ended', 'refused']);

  handled.length = 0;
  const late = await live(consumerNamed('journal'));
  await until('the late one has handled all', async () => (await decisionsOn(late, bob)).includes('handled') && (await decisionsOn(late, ada)).filter((decision) => decision === 'refused').length === 2);
  expect(handled).not.toContain(ada);
  // Its consents came before any event, so nothing was refused or parked for being early.
  expect(await decisionsOn(late, bob)).toEqual(['allowed', 'handled']);
  expect((await late.database.query('SELECT FROM dead_letters WHERE key = ANY ($1)', [[String(ada), String(bob)]])).rowCount).toBe(0);
}, 240_000);
