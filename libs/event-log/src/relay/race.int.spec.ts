import { afterEach, describe, expect, it } from '@jest/globals';
import { openDatabase, openSession } from '@lifeos/postgres';
import { readBacklog, Relay } from '../index.js';
import { FixedSchemaIds, idOf, questsOf, RecordingPublisher, stopAll } from '../testing/recording-publisher.js';
import { appendAll, openTestLog, questCompleted, until } from '../testing/test-log.js';
import type { TestLog } from '../testing/test-log.js';

const writers = Number(process.env['LIFEOS_RACE_WRITERS'] ?? 20);
const transactions = Number(process.env['LIFEOS_RACE_TRANSACTIONS'] ?? 100);
const users = Number(process.env['LIFEOS_RACE_USERS'] ?? 12);
const holdMs = Number(process.env['LIFEOS_RACE_HOLD_MS'] ?? 30);

const pause = (maxMs: number) => new Promise<void>((resolve) => setTimeout(resolve, Math.random() * maxMs));
const one = <T>(items: readonly T[]): T => items[Math.floor(Math.random() * items.length)] as T;

/**
 * Numbers the committed events of each user, so that the right order is known: a rolled-back one takes
 * its number back. The unrelated row gives the transaction its id long before it appends.
 */
async function write(test: TestLog, userId: number): Promise<string | null> {
  const willRollBack = Math.random() < 0.1;
  const give = new Error('rolled back');
  try {
    return await test.db.transaction({ keys: [String(userId)] }, async (tx) => {
      await tx.query('INSERT INTO unrelated DEFAULT VALUES');
      await pause(4);
      const { rows } = await tx.query<{ n: number }>('UPDATE numbers SET n = n + 1 WHERE user_id = $1 RETURNING n', [userId]);
      const event = questCompleted(userId, rows[0]?.n ?? 0);
      test.log.append(tx, [event]);
      if (Math.random() < 0.2) await pause(holdMs);
      if (willRollBack) throw give;
      return event.eventId;
    });
  } catch (error) {
    if (error === give) return null;
    throw error;
  }
}

/** Another service on the same server, whose writes hold the horizon back. */
async function keepBusy(other: TestLog, isOver: () => boolean): Promise<void> {
  while (!isOver()) {
    await other.db.transaction({ keys: [] }, async (tx) => {
      await tx.query('CREATE TEMPORARY TABLE scratch () ON COMMIT DROP');
      await pause(20);
    });
  }
}

/** Leaders die, and replies of the broker are lost; seldom, since only a relay that keeps up meets the horizon. */
async function makeTrouble(test: TestLog, publishers: readonly RecordingPublisher[], isOver: () => boolean): Promise<void> {
  while (!isOver()) {
    await pause(1_000);
    for (const { plan } of publishers) if (plan.length === 0) plan.push(one(['fail-before', 'fail-after'] as const));
    await test.db.query("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'race-relay' AND datname = current_database() AND random() < 0.5");
  }
}

const logs: TestLog[] = [];
const relays: Relay[] = [];

async function open(options: { max?: number } = {}): Promise<TestLog> {
  const log = await openTestLog(options);
  logs.push(log);
  return log;
}

afterEach(async () => {
  await stopAll(relays.splice(0));
  for (const log of logs.splice(0)) await log.end();
});

describe('the race', () => {
  it('P-19: every committed event goes out exactly once and in order, none that was rolled back', async () => {
    const test = await open({ max: writers });
    const other = await open();
    await test.db.query('CREATE TABLE unrelated (id int GENERATED ALWAYS AS IDENTITY)');
    await test.db.query(`CREATE TABLE numbers AS SELECT user_id, 0 AS n FROM generate_series(1, ${users}) AS user_id`);
    const topic = { records: [] };
    const publishers = [1, 2, 3].map(() => new RecordingPublisher(topic));
    relays.push(...publishers.map((publisher) => new Relay({
      connection: { url: test.url, applicationName: 'race-relay' }, service: 'quests', publisher, schemaIds: new FixedSchemaIds(), maxRows: 50, pollMs: 10, takeOverMs: 10,
    })));
    for (const relay of relays) {
      relay.start();
      test.log.onAppended(() => relay.wake());
    }

    let isOver = false;
    const noise = [keepBusy(other, () => isOver), keepBusy(other, () => isOver), makeTrouble(test, publishers, () => isOver)];
    const committed = await Promise.all(Array.from({ length: writers }, async () => {
      const ids: string[] = [];
      for (let i = 0; i < transactions; i++) ids.push(...[await write(test, 1 + Math.floor(Math.random() * users))].filter((id) => id !== null));
      return ids;
    }));
    isOver = true;
    await Promise.all(noise);
    await until(async () => (await readBacklog(test.db)).pending === 0, 'all is relayed');
    await stopAll(relays);

    const published = publishers.flatMap(({ topic: { records } }) => records).map(idOf);
    expect(new Set(published)).toEqual(new Set(committed.flat()));
    const { rows } = await test.db.query<{ user_id: number; n: number }>('SELECT user_id, n FROM numbers');
    for (const { user_id, n } of rows) expect(questsOf(topic.records, user_id)).toEqual(Array.from({ length: n }, (_, i) => i + 1));
    expect(rows.reduce((sum, { n }) => sum + n, 0)).toBe(committed.flat().length);
  }, 120_000 + 20 * writers * transactions);

  it('would be lost without the key lock: the writer that waited has the earlier transaction id', async () => {
    const test = await open();
    await test.db.query('CREATE TABLE unrelated (id int GENERATED ALWAYS AS IDENTITY)');
    const [first, second] = await Promise.all([1, 2].map(() => openSession({ url: test.url, applicationName: 'race' })));
    if (first === undefined || second === undefined) throw new Error('no sessions');
    for (const session of [second, first]) {
      await session.query('BEGIN');
      await session.query('INSERT INTO unrelated DEFAULT VALUES');
    }
    // The one that appends second, for example because it waited for a row, got its transaction id first.
    const append = async (session: typeof first, name: string) => {
      await session.query(`INSERT INTO event_log (epoch, event_id, key, type, version, occurred_at, payload) VALUES (1, gen_random_uuid(), $1, 't', '1.0.0', now(), '')`, [name]);
      await session.query('COMMIT');
    };
    await append(first, 'first');
    await append(second, 'second');
    const { rows } = await test.db.query<{ key: string }>('SELECT key FROM event_log ORDER BY event_log.epoch, event_log.xid, event_log.seq');
    expect(rows.map(({ key }) => key)).toEqual(['second', 'first']);
    await Promise.all([first.close(), second.close()]);
  });

  it('holds where the server\'s transaction ids pass a power of ten', async () => {
    const test = await open();
    const publisher = new RecordingPublisher();
    const relay = new Relay({ connection: { url: test.url, applicationName: 'relay' }, service: 'quests', publisher, schemaIds: new FixedSchemaIds(), maxRows: 3, pollMs: 5 });
    relays.push(relay);
    relay.start();
    const before = await nextTransactionId(test);
    // Beyond a million it would take long to get there; an older log then stands for it (relay tests).
    const border = 10 ** String(before).length;
    const burn = border - before - 20;
    if (burn > 0 && burn < 200_000) await test.db.query(burnTransactionIds(burn));
    for (let i = 1; i <= 60; i++) await appendAll(test, [questCompleted(1, i)]);
    await until(async () => (await readBacklog(test.db)).pending === 0, 'all is relayed');
    await relay.stop();
    expect(questsOf(publisher.records, 1)).toEqual(Array.from({ length: 60 }, (_, i) => i + 1));
  });
});

async function nextTransactionId(test: TestLog): Promise<number> {
  const db = openDatabase({ url: test.url, applicationName: 'race' });
  const { rows } = await db.query<{ next: string }>('SELECT pg_snapshot_xmax(pg_current_snapshot())::text AS next');
  await db.close();
  return Number(rows[0]?.next);
}

/** Each block with an exception clause that writes takes an id of its own. */
function burnTransactionIds(count: number): string {
  return `DO $$ BEGIN
    CREATE TEMPORARY TABLE burnt (x int) ON COMMIT DROP;
    FOR i IN 1..${count} LOOP
      BEGIN INSERT INTO burnt VALUES (i); EXCEPTION WHEN unique_violation THEN NULL; END;
    END LOOP;
  END $$`;
}
