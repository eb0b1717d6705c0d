import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { SchemaRegistry } from '@kafkajs/confluent-schema-registry';
import { type AnyEventType, type AvroRecordSchema, compileSchema, defineEvent } from '@lifeos/contracts';
import { SleepLogged, SleepLoggedV2, workedMajors } from '@lifeos/contracts/testing';
import { deliveryMigrations, type HandlerDefinition, Retrier } from '@lifeos/delivery';
import { headersOf, newEventId } from '@lifeos/events';
import { createTopics, EventFeed, KafkaRecordPublisher } from '@lifeos/kafka';
import { type Database, migrate, openDatabase } from '@lifeos/postgres';
import { frame, openSchemaRegistry, publishSchemas } from '@lifeos/schema-registry';
import { createTestDatabase } from '@lifeos/testing';
import kafkajs from 'kafkajs';
import { testAddresses } from '../testing/test-addresses.js';

const patience = 60_000;
const { brokers, registryUrl } = testAddresses();
const kafka = { brokers, clientId: 'rolling-change' };

/** The same event as a service knows it that was built when only its first version was there. */
const SleepLoggedAtFirst = defineEvent<object, object>({
  name: 'SleepLogged', context: 'health', major: 1, topic: 'lifeos.health.events', schemas: [SleepLogged.schemas.get('1.0.0')].filter((schema): schema is AvroRecordSchema => schema !== undefined),
});

/** What a service was built with: the majors that it knows, and which of them its handler takes. */
interface Build {
  readonly knows: readonly AnyEventType[];
  readonly takes: AnyEventType;
  readonly versions: string;
}
const first: Build = { knows: [SleepLoggedAtFirst], takes: SleepLoggedAtFirst, versions: '^1.0.0' };
const minor: Build = { knows: [SleepLogged], takes: SleepLogged, versions: '^1.0.0' };
const major: Build = { knows: [SleepLogged, SleepLoggedV2], takes: SleepLoggedV2, versions: '>=1.0.0 <3.0.0' };

const v1 = (minutes: number, note = '') => ({ user_id: 7, minutes, note });
const v2 = (minutes: number) => ({ user_id: 7, duration_ms: minutes * 60_000, notes: [] });

interface Service {
  readonly database: Database;
  run(build: Build): Promise<void>;
  /** What its handler was given, in order. */
  handled(): Promise<object[]>;
  letters(): Promise<{ reason: string | null; error_message: string | null }[]>;
  stop(): Promise<void>;
  end(): Promise<void>;
}

describe('a change of a schema, deployed one service after the other', () => {
  let topic: string;
  const publisher = new KafkaRecordPublisher(kafka);
  const { ids } = openSchemaRegistry({ url: registryUrl }, workedMajors.types);
  const services: Service[] = [];

  beforeAll(async () => {
    await publishSchemas({ registryUrl, eventTypes: workedMajors.types });
    topic = await newTopic();
  }, patience);
  afterEach(async () => {
    await Promise.all(services.splice(0).map((service) => service.end()));
    topic = await newTopic();
  }, patience);
  afterAll(() => publisher.close());

  async function newTopic(): Promise<string> {
    const name = `rolling-${randomBytes(5).toString('hex')}`;
    await createTopics(kafka, [{ topic: name, partitions: 1 }]);
    return name;
  }

  async function publish(type: AnyEventType, version: string, payload: object): Promise<void> {
    const avro = compileSchema(type.schemas.get(version) ?? {}).toBuffer(payload);
    const headers = headersOf({ eventId: newEventId(), recordName: type.recordName, context: 'health', version, timestamp: new Date(), key: '7', correlationId: null, causationId: null, traceparent: null });
    await publisher.publish([{ topic, key: '7', value: frame(await ids.idFor(type.recordName, version), avro), headers }]);
  }

  async function open(): Promise<Service> {
    const { url, drop } = await createTestDatabase();
    await migrate({ url, sets: [deliveryMigrations] });
    const database = openDatabase({ url, applicationName: 'rolling-change', onBackgroundError: () => undefined });
    await database.query('CREATE TABLE handled (seq bigserial, payload jsonb)');
    const [from, groupId] = [topic, `${topic}.${randomBytes(3).toString('hex')}`];
    let running: { feed: EventFeed; retrier: Retrier } | null = null;
    const stop = async (): Promise<void> => {
      await Promise.all([running?.feed.stop(), running?.retrier.stop()]);
      running = null;
    };
    const service: Service = {
      database, stop,
      run: async ({ knows, takes, versions }) => {
        await stop();
        const invoke: HandlerDefinition['invoke'] = async (events, { tx }) => {
          for (const { payload } of events) await tx.query('INSERT INTO handled (payload) VALUES ($1)', [JSON.stringify(payload)]);
        };
        const handler: HandlerDefinition = { name: 'log-sleep', aliases: [], types: [takes], versions, batch: false, from: 'beginning', timeoutMs: 10_000, invoke };
        const delivery = { handlers: [handler], decoder: openSchemaRegistry({ url: registryUrl }, knows).decoder, database, eventLog: { append: () => undefined }, knownTypes: knows, upcasts: workedMajors.upcasts };
        running = { feed: new EventFeed({ kafka, groupId, topics: [from], delivery }), retrier: new Retrier(delivery) };
        await running.feed.start();
        running.retrier.start();
      },
      handled: async () => (await database.query<{ payload: object }>('SELECT payload FROM handled ORDER BY seq')).rows.map(({ payload }) => payload),
      letters: async () => (await database.query<{ reason: string | null; error_message: string | null }>('SELECT reason, error_message FROM dead_letters ORDER BY record_offset')).rows,
      end: async () => {
        await stop();
        await database.close();
        await drop();
      },
    };
    services.push(service);
    return service;
  }

  async function until<T>(ask: () => Promise<T>, expected: T): Promise<void> {
    const deadline = Date.now() + patience;
    while (JSON.stringify(await ask()) !== JSON.stringify(expected) && Date.now() < deadline) await sleep(50);
    expect(await ask()).toEqual(expected);
  }

  it('VR-11: a producer ahead of its consumers by a minor, and consumers ahead of their producer, take each other', async () => {
    const [behind, ahead] = [await open(), await open()];
    await Promise.all([behind.run(first), ahead.run(minor)]);
    await publish(SleepLogged, '1.0.0', { user_id: 7, minutes: 1 });
    await publish(SleepLogged, '1.1.0', v1(2, 'well'));
    await until(behind.handled, [{ minutes: 1, user_id: 7 }, { minutes: 2, user_id: 7 }]);
    await until(ahead.handled, [{ note: '', minutes: 1, user_id: 7 }, { note: 'well', minutes: 2, user_id: 7 }]);
    expect([await behind.letters(), await ahead.letters()]).toEqual([[], []]);
  }, 2 * patience);

  it('VR-9: a major goes to new consumers at once; an old one parks it, is upgraded, and handles all of it in order', async () => {
    const [old, current] = [await open(), await open()];
    await Promise.all([old.run(minor), current.run(major)]);
    await publish(SleepLogged, '1.1.0', v1(1));
    await publish(SleepLoggedV2, '2.0.0', v2(2));
    // A producer that is still of the release before.
    await publish(SleepLogged, '1.1.0', v1(3));
    await publish(SleepLoggedV2, '2.0.0', v2(4));
    const asV2 = (minutes: number) => ({ notes: [], user_id: 7, duration_ms: minutes * 60_000 });
    await until(current.handled, [1, 2, 3, 4].map(asV2));
    await until(async () => (await old.letters()).map(({ reason }) => reason), ['unsupported_version', null, null]);
    expect(await old.handled()).toEqual([{ note: '', minutes: 1, user_id: 7 }]);
    await old.run(major);
    await publish(SleepLoggedV2, '2.0.0', v2(5));
    await until(old.handled, [{ note: '', minutes: 1, user_id: 7 }, ...[2, 3, 4, 5].map(asV2)]);
    expect(await old.letters()).toEqual([]);
  }, 2 * patience);

  it('takes what a foreign producer wrote under CloudEvents headers, and names in the dead letter what is missing', async () => {
    const service = await open();
    await service.run(major);
    const registry = new SchemaRegistry({ host: registryUrl });
    const producer = new kafkajs.Kafka({ brokers: [...brokers], clientId: 'foreign', logLevel: kafkajs.logLevel.NOTHING }).producer();
    await producer.connect();
    const value = await registry.encode(await ids.idFor(SleepLogged.recordName, '1.1.0'), v1(9, 'foreign'));
    const headers = { ce_specversion: '1.0', ce_id: newEventId(), ce_type: SleepLogged.recordName, ce_source: 'urn:watch' };
    const { ce_id: _, ...nameless } = headers;
    await producer.send({
      topic,
      messages: [
        { key: '7', value, headers },
        { key: '8', value, headers: nameless },
        { key: '9', value: Buffer.from('{"minutes":9}'), headers: { ...headers, ce_id: newEventId() } },
        { key: null, value, headers: { ...headers, ce_id: newEventId() } },
      ],
    });
    await producer.disconnect();
    await until(service.handled, [{ notes: ['foreign'], user_id: 7, duration_ms: 540_000 }]);
    await until(async () => (await service.letters()).map(({ reason }) => reason), ['serialization_error', 'serialization_error', 'validation_error']);
    const told = (await service.letters()).map(({ error_message }) => error_message);
    expect(told).toEqual([expect.stringContaining('header ce_id is missing'), expect.any(String), expect.stringContaining('key cannot be used: it is empty')]);
  }, 2 * patience);
});
