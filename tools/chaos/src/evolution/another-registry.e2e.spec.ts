import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { allEventTypes, QuestCompleted, QuestCreated } from '@lifeos/contracts';
import { deliveryMigrations, type HandlerDefinition } from '@lifeos/delivery';
import { adoptServer, EventLog, eventLogMigrations, Relay } from '@lifeos/event-log';
import { type IncomingRecord, newEventId } from '@lifeos/events';
import { createTopics, EventFeed, KafkaRecordPublisher, readTopicToEnd } from '@lifeos/kafka';
import { type RunningRegistry, startRegistry } from '@lifeos/local';
import { type Database, migrate, openDatabase } from '@lifeos/postgres';
import { openSchemaRegistry, publishSchemas } from '@lifeos/schema-registry';
import { createTestDatabase, type TestDatabase } from '@lifeos/testing';
import { testAddresses } from '../testing/test-addresses.js';
import { until } from '../testing/quest-log.js';

const patience = 120_000;
const { brokers, registryUrl } = testAddresses();
const kafka = { brokers, clientId: 'another-registry' };

let at: TestDatabase;
let database: Database;
let topic: string;
const ends: (() => Promise<void>)[] = [];

beforeEach(async () => {
  at = await createTestDatabase();
  await migrate({ url: at.url, sets: [eventLogMigrations, deliveryMigrations] });
  database = openDatabase({ url: at.url, applicationName: 'another-registry', onConnect: adoptServer, onBackgroundError: () => undefined });
  await database.query('CREATE TABLE handled (seq bigserial, quest bigint)');
  topic = `registry-${randomBytes(5).toString('hex')}`;
  await createTopics(kafka, [{ topic, partitions: 1 }]);
}, patience);
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
  await database.close();
  await at.drop();
}, patience);

/** The service with its relay, started against one registry. */
function startService(url: string) {
  const registry = openSchemaRegistry({ url }, allEventTypes);
  const publisher = new KafkaRecordPublisher(kafka);
  const log = new EventLog({ database, service: 'quests', types: allEventTypes });
  const toTopic = { publish: (records: Parameters<typeof publisher.publish>[0]) => publisher.publish(records.map((record) => ({ ...record, topic }))), close: () => publisher.close() };
  const relay = new Relay({ connection: { url: at.url, applicationName: 'another-registry relay' }, service: 'quests', publisher: toTopic, schemaIds: registry.ids, pollMs: 50 });
  const stop = async (): Promise<void> => {
    await relay.stop();
    await publisher.close();
  };
  return { registry, log, relay, stop };
}

async function complete(log: EventLog, quest: number): Promise<void> {
  const timestamp = new Date();
  const payload = QuestCompleted.build({ user_id: 7, quest_id: quest, quest_type: 'main', experience_reward: 1, completion_timestamp: timestamp, auto_completed: false });
  await database.transaction({ keys: ['7'] }, async (tx) => log.append(tx, [{ eventId: newEventId(), type: QuestCompleted, timestamp, key: '7', correlationId: null, causationId: null, traceparent: null, payload }]));
}

/** A consumer of one registry; all of them are one group, one after the other. */
async function startConsumer(url: string, groupId: string, warned: (values: object) => void = () => undefined): Promise<() => Promise<void>> {
  const handler: HandlerDefinition = {
    name: 'log-quest', aliases: [], types: [QuestCompleted], versions: '^1.0.0', batch: false, from: 'beginning', timeoutMs: 30_000,
    invoke: async (events, { tx }) => {
      for (const { payload } of events) await tx.query('INSERT INTO handled (quest) VALUES ($1)', [(payload as { quest_id: number }).quest_id]);
    },
  };
  const { decoder } = openSchemaRegistry({ url }, [QuestCompleted]);
  const logger = { debug: () => undefined, info: () => undefined, warn: warned, error: () => undefined };
  const feed = new EventFeed({ kafka, groupId, topics: [topic], delivery: { handlers: [handler], decoder, database, eventLog: { append: () => undefined }, knownTypes: [QuestCompleted] }, logger });
  await feed.start();
  return () => feed.stop();
}

const handled = async (): Promise<number[]> => (await database.query<{ quest: string }>('SELECT quest FROM handled ORDER BY seq')).rows.map(({ quest }) => Number(quest));
const letters = async (): Promise<number> => (await database.query('SELECT 1 FROM dead_letters')).rows.length;
const published = async (): Promise<IncomingRecord[]> => {
  const records: IncomingRecord[] = [];
  await readTopicToEnd(kafka, topic, (batch) => void records.push(...batch));
  return records;
};
const idOf = ({ value }: IncomingRecord): number => value?.readUInt32BE(1) ?? NaN;

describe('a registry that has other ids', () => {
  let other: RunningRegistry;
  let itsDatabase: TestDatabase;
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'other-registry-'));
    itsDatabase = await createTestDatabase();
    other = await startRegistry({ dataDir: folder, databaseUrl: itsDatabase.url });
    await publishSchemas({ registryUrl, eventTypes: [QuestCreated, QuestCompleted] });
    const { schemas } = await publishSchemas({ registryUrl: other.url, eventTypes: [QuestCompleted] });
    const here = await openSchemaRegistry({ url: registryUrl }, [QuestCompleted]).ids.idFor(QuestCompleted.recordName, QuestCompleted.version);
    // Each counts for itself; were they equal by chance, the test would show nothing.
    expect(schemas.map(({ id }) => id)).not.toContain(here);
  }, patience);
  afterAll(async () => {
    await other.stop();
    await itsDatabase.drop();
    await rm(folder, { recursive: true, force: true });
  }, patience);

  it('takes nothing from the log: old events are read, the relay goes on with its ids, and so do the consumers', async () => {
    const group = `${topic}.group`;
    const before = startService(registryUrl);
    before.relay.start();
    await complete(before.log, 1);
    await complete(before.log, 2);
    const stopConsumer = await startConsumer(registryUrl, group);
    await until(async () => (await handled()).length === 2, 'both are handled under the first registry');
    await Promise.all([stopConsumer(), before.stop()]);

    const after = startService(other.url);
    ends.push(after.stop);
    const old: number[] = [];
    for await (const { payload } of after.log.readAll()) old.push((payload as { quest_id: number }).quest_id);
    expect(old).toEqual([1, 2]);
    after.relay.start();
    await complete(after.log, 3);
    ends.push(await startConsumer(other.url, group));
    await until(async () => (await handled()).length === 3, 'the third is handled under the other registry');
    expect([await handled(), await letters()]).toEqual([[1, 2, 3], 0]);

    const records = await published();
    const ids = await Promise.all([before, before, after].map(({ registry }) => registry.ids.idFor(QuestCompleted.recordName, QuestCompleted.version)));
    expect(records.map(idOf)).toEqual(ids);
    // Never read as something else: whoever did not finish before sees it in the dead letters.
    const [first] = records;
    await expect(async () => after.registry.decoder.decode(first as IncomingRecord, QuestCompleted)).rejects.toMatchObject({ code: expect.stringMatching(/^(UNKNOWN_SCHEMA_ID|UNDECODABLE_RECORD)$/) });
  }, 2 * patience);
});

describe('a consumer that starts while the registry is away', () => {
  const servers: Server[] = [];
  afterEach(() => {
    for (const server of servers.splice(0)) {
      server.closeAllConnections();
      server.close();
    }
  });

  it('waits longer and longer and says so, parks nothing, and handles all when it is back', async () => {
    await publishSchemas({ registryUrl, eventTypes: [QuestCompleted] });
    const service = startService(registryUrl);
    ends.push(service.stop);
    service.relay.start();
    await complete(service.log, 1);
    await complete(service.log, 2);
    const gate = { isOpen: false };
    const server = createServer((request, response) => {
      if (!gate.isOpen) return void response.writeHead(503).end();
      void fetch(`${registryUrl}${request.url ?? ''}`, { method: request.method ?? 'GET' }).then(async (answer) => response.writeHead(answer.status, { 'content-type': 'application/json' }).end(await answer.text()));
    });
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const waits: number[] = [];
    const note = (values: object) => {
      const { reason, retryAfterMs } = values as { reason?: unknown; retryAfterMs?: unknown };
      if (typeof retryAfterMs === 'number' && String(reason).includes('registry')) waits.push(retryAfterMs);
    };
    ends.push(await startConsumer(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, `${topic}.group`, note));
    await until(() => waits.length >= 3, 'it waited three times');
    // Each doubles, less or more a quarter, so the third is longer than the first whatever chance does.
    expect(waits[2]).toBeGreaterThan(waits[0] ?? Infinity);
    expect([await handled(), await letters()]).toEqual([[], 0]);
    gate.isOpen = true;
    await until(async () => (await handled()).length === 2, 'both are handled');
    expect([await handled(), await letters()]).toEqual([[1, 2], 0]);
  }, 2 * patience);
});
