import { type ChildProcess, fork } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { QuestCompleted } from '@lifeos/contracts';
import { deliveryMigrations } from '@lifeos/delivery';
import { headersOf, newEventId } from '@lifeos/events';
import { createTopics, KafkaRecordPublisher, topicOffsets } from '@lifeos/kafka';
import { type Database, migrate, openDatabase } from '@lifeos/postgres';
import { createTestDatabase, type TestDatabase } from '@lifeos/testing';
import { testAddresses } from '../testing/test-addresses.js';
import type { InstanceJob } from './instance-job.js';

const patience = 90_000;
const instance = join(fileURLToPath(new URL('../../', import.meta.url)), 'dist/starts/instance.js');
const { brokers } = testAddresses();
const kafka = { brokers, clientId: 'newcomers' };
const topic = `newcomers-${randomBytes(5).toString('hex')}`;
const users = 12;

describe('handlers that are new in a group of several instances', () => {
  let test: TestDatabase;
  let database: Database;
  const publisher = new KafkaRecordPublisher(kafka);
  const running: { child: ChildProcess; told: string[] }[] = [];
  let published = 0;
  let publishedBeforeThem = 0;
  let isLoadOn = true;

  beforeAll(async () => {
    test = await createTestDatabase();
    await migrate({ url: test.url, sets: [deliveryMigrations] });
    database = openDatabase({ url: test.url, applicationName: 'newcomers', onBackgroundError: () => undefined });
    await database.query('CREATE TABLE effects (seq bigserial, handler text, user_id int, n int, is_replay boolean)');
    await createTopics(kafka, [{ topic, partitions: 3 }]);
  }, patience);
  afterAll(async () => {
    isLoadOn = false;
    for (const { child } of running) child.kill('SIGKILL');
    await publisher.close();
    await database.close();
    await test.drop();
  });

  /** Completes so many quests; each person's are numbered on. */
  async function publish(count: number): Promise<void> {
    const records = Array.from({ length: count }, () => {
      const n = ++published;
      const key = String(1 + (n % users));
      const payload = QuestCompleted.build({ user_id: Number(key), quest_id: n, quest_type: 'daily', experience_reward: 1, completion_timestamp: new Date(), auto_completed: false });
      const headers = headersOf({ eventId: newEventId(), recordName: QuestCompleted.recordName, context: 'quests', version: QuestCompleted.version, timestamp: new Date(), key, correlationId: null, causationId: null, traceparent: null });
      return { topic, key, value: QuestCompleted.encode(payload), headers };
    });
    await publisher.publish(records);
  }

  const questsOf = (user: number, first: number): number[] => Array.from({ length: published }, (_, index) => index + 1).filter((n) => n >= first && 1 + (n % users) === user);

  function start(...handlers: InstanceJob['handlers']): { child: ChildProcess; told: string[] } {
    const job: InstanceJob = { databaseUrl: test.url, brokers, topic, groupId: topic, handlers };
    const { NODE_OPTIONS: _, ...env } = process.env;
    const child = fork(instance, [JSON.stringify(job)], { stdio: ['ignore', 'pipe', 'inherit', 'ipc'], env: { ...env, NODE_ENV: 'production', KAFKAJS_NO_PARTITIONER_WARNING: '1' } });
    const one = { child, told: [] as string[] };
    child.stdout?.on('data', (text: Buffer) => one.told.push(String(text)));
    running.push(one);
    return one;
  }

  async function until(what: string, holds: () => Promise<boolean>): Promise<void> {
    for (const deadline = Date.now() + patience; !(await holds()); await sleep(20)) {
      if (Date.now() > deadline) throw new Error(`In vain for ${patience} ms: ${what}. ${JSON.stringify(await rows('SELECT handler, partition, next_offset, join_at, live_at FROM consumer_positions ORDER BY 1, 2'))}`);
    }
  }

  const rows = async <T>(sql: string): Promise<T[]> => (await database.query<T>(sql)).rows;
  const count = async (where: string): Promise<number> => (await rows<{ count: number }>(`SELECT count(*)::int AS count FROM ${where}`))[0]?.count ?? 0;

  async function load(): Promise<void> {
    while (isLoadOn) {
      await publish(20);
      await sleep(100);
    }
  }

  it('get their history and join live, through a rolling deployment and a kill in the midst of it: nothing lost, doubled or out of order', async () => {
    await publish(6_000);
    const before = start({ name: 'old', from: 'beginning' });
    await until('the old handler has read everything', async () => (await count(`effects WHERE handler = 'old'`)) === 6_000);
    const loading = load();
    await sleep(5);
    publishedBeforeThem = published;
    const since = Date.now();
    const next = [{ name: 'old', from: 'beginning' }, { name: 'fresh', from: 'beginning' }, { name: 'since', from: { since } }, { name: 'tail', from: 'latest' }] as const;
    const victim = start(...next);
    await until('a new handler is about to join', async () => (await count(`consumer_positions WHERE handler = 'fresh' AND join_at IS NOT NULL`)) > 0);
    victim.child.kill('SIGKILL');
    start(...next);
    start(...next);
    before.child.kill('SIGTERM');
    await until('all are live', async () => (await count(`consumer_positions WHERE live_at IS NOT NULL`)) === 4 * 3);
    isLoadOn = false;
    await loading;
    await publish(300);
    const ends = await topicOffsets(kafka, topic);
    await until('everything is handled', async () => {
      const behind = await rows<{ partition: number; next: number }>('SELECT partition, min(next_offset)::int AS next FROM consumer_positions GROUP BY 1');
      return behind.every(({ partition, next: at }) => at === ends.find((one) => one.partition === partition)?.high);
    });

    const effects = await rows<{ handler: string; user_id: number; n: number }>('SELECT handler, user_id, n FROM effects ORDER BY seq');
    for (const handler of ['old', 'fresh', 'since', 'tail']) {
      for (let user = 1; user <= users; user++) {
        const got = effects.flatMap((one) => (one.handler === handler && one.user_id === user ? [one.n] : []));
        const first = handler === 'old' || handler === 'fresh' ? 1 : (got[0] ?? Infinity);
        expect([handler, user, got]).toEqual([handler, user, questsOf(user, first)]);
        expect(first === 1 || first > publishedBeforeThem).toBe(true);
      }
    }
  }, 3 * patience);

  it('know what is history, and the group of the service was not led back for them', async () => {
    const { rows: mixed } = await database.query('SELECT handler, user_id FROM effects GROUP BY 1, 2 HAVING max(seq) FILTER (WHERE is_replay) > min(seq) FILTER (WHERE NOT is_replay)');
    expect(mixed).toEqual([]);
    expect(await count(`effects WHERE handler = 'fresh' AND is_replay`)).toBeGreaterThanOrEqual(6_000);
    expect(await count(`effects WHERE handler IN ('fresh', 'since', 'tail') AND NOT is_replay`)).toBeGreaterThan(0);
    expect(running.flatMap(({ told }) => told).filter((line) => line.includes('is read again from'))).toEqual([]);
    for (const { child } of running) {
      const ended = new Promise((resolve) => child.once('exit', resolve));
      if (child.exitCode === null && child.signalCode === null && child.kill('SIGTERM')) await ended;
    }
    expect(running.map(({ child }) => child.exitCode ?? child.signalCode)).toEqual([0, 'SIGKILL', 0, 0]);
  }, patience);
});
