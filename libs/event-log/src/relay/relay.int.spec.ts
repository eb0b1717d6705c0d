import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { QuestCompleted } from '@lifeos/contracts';
import { RegistryUnreachable, SchemaNotRegistered } from '@lifeos/events';
import { openDatabase } from '@lifeos/postgres';
import { listBlocked, readBacklog, Relay } from '../index.js';
import type { RelayOptions } from '../index.js';
import { FixedSchemaIds, idOf, questsOf, RecordingPublisher, stopAll } from '../testing/recording-publisher.js';
import { appendAll, openTestLog, questCompleted, until } from '../testing/test-log.js';
import type { TestLog } from '../testing/test-log.js';
import { Leadership } from './leadership.js';

let test: TestLog;
let publisher: RecordingPublisher;
let schemaIds: FixedSchemaIds;
const relays: Relay[] = [];

beforeEach(async () => {
  test = await openTestLog();
  publisher = new RecordingPublisher();
  schemaIds = new FixedSchemaIds();
});

afterEach(async () => {
  await stopAll(relays.splice(0));
  await test.end();
});

function relay(options: Partial<RelayOptions> = {}): Relay {
  const made = new Relay({
    connection: { url: test.url, applicationName: 'quests-relay' },
    service: 'quests', publisher, schemaIds, pollMs: 20, takeOverMs: 20, ...options,
  });
  relays.push(made);
  made.start();
  return made;
}

const append = (userId: number, ...questIds: number[]) => appendAll(test, questIds.map((id) => questCompleted(userId, id)));
const arrived = (count: number) => until(() => publisher.records.length >= count, `${count} records arrived`);
const relayedAll = () => until(async () => (await readBacklog(test.db)).pending === 0, 'nothing is pending');

describe('a record', () => {
  it('is the stored bytes behind the registry\'s id, with CloudEvents headers', async () => {
    const event = questCompleted(1, 5, { causationId: 'cause' });
    await appendAll(test, [event]);
    relay();
    await arrived(1);
    const [record] = publisher.records;
    expect(record?.topic).toBe('lifeos.quests.events');
    expect(record?.key).toBe('1');
    expect(record?.value.subarray(0, 5)).toEqual(Buffer.from([0, 0, 0, 0, 7]));
    expect(QuestCompleted.decode(record?.value.subarray(5) ?? Buffer.alloc(0), QuestCompleted.version)).toEqual(event.payload);
    expect(record?.headers).toMatchObject({
      ce_id: event.eventId, ce_type: QuestCompleted.recordName, ce_source: '/lifeos/quests', ce_time: event.timestamp.toISOString(),
      ce_subject: '1', ce_eventversion: QuestCompleted.version, ce_correlationid: 'flow', ce_causationid: 'cause',
    });
  });

  it('of a private event is never sent, and holds nothing up', async () => {
    await append(1, 1);
    await test.db.query("UPDATE event_log SET topic = NULL");
    await append(1, 2);
    relay();
    await relayedAll();
    expect(questsOf(publisher.records, 1)).toEqual([2]);
  });
});

describe('the order', () => {
  it('is that of the log, in batches of rows and bytes', async () => {
    await append(1, ...Array.from({ length: 250 }, (_, i) => i + 1));
    relay({ maxRows: 100, maxPartitionBytes: 20_000 });
    await arrived(250);
    expect(questsOf(publisher.records, 1)).toEqual(Array.from({ length: 250 }, (_, i) => i + 1));
    expect(Math.max(...publisher.batches)).toBeLessThan(50);
  });

  it('holds where transaction ids get one digit more', async () => {
    const xids = [997, 998, 999, 1_000, 1_001, 9_999, 10_000];
    await append(1, ...xids);
    await test.db.query('UPDATE event_log SET xid = q.xid::text::xid8 FROM (SELECT seq, (ARRAY[997, 998, 999, 1000, 1001, 9999, 10000])[row_number() OVER (ORDER BY seq)] AS xid FROM event_log) q WHERE q.seq = event_log.seq');
    await test.db.query("UPDATE event_log_epoch SET epoch = 2");
    relay({ maxRows: 2 });
    await arrived(xids.length);
    expect(questsOf(publisher.records, 1)).toEqual(xids);
    expect(publisher.records).toHaveLength(xids.length);
  });

  it('holds while the broker fails before and after it wrote', async () => {
    publisher.plan.push('fail-before', 'fail-after', 'fail-after');
    await append(1, 1, 2, 3);
    const one = relay({ maxRows: 2 });
    await relayedAll();
    expect(questsOf(publisher.records, 1)).toEqual([1, 2, 3]);
    expect(publisher.records.length).toBeGreaterThan(3);
    expect(one.status()).toMatchObject({ lastError: { code: 'PUBLISH_FAILED' } });
    await until(() => one.status().phase === 'leading');
  });
});

describe('the horizon', () => {
  it('holds events back while a transaction of another database is open, names its holder and loses nothing', async () => {
    const other = await openTestLog();
    let release = () => undefined as void;
    const held = new Promise<void>((resolve) => (release = resolve));
    let began: (pid: number) => void = () => undefined;
    const hasBegun = new Promise<number>((resolve) => (began = resolve));
    const blocker = openDatabase({ url: other.url, applicationName: 'slow-report' });
    const open = blocker.transaction({ keys: [] }, async (tx) => {
      await tx.query('CREATE TEMPORARY TABLE scratch ()');
      began((await tx.query<{ pid: number }>('SELECT pg_backend_pid() AS pid')).rows[0]?.pid ?? 0);
      await held;
    });
    const pid = await hasBegun;
    const one = relay();
    await append(1, 1, 2);
    await until(() => one.status().horizonStillMs > 50, 'the horizon stood still');
    expect(publisher.records).toEqual([]);
    const { pending, oldestPendingMs, horizonHolder } = await readBacklog(test.db);
    expect(pending).toBe(2);
    expect(oldestPendingMs).toBeGreaterThan(50);
    expect(horizonHolder).toMatchObject({ pid, application: 'slow-report', database: new URL(other.url).pathname.slice(1) });
    release();
    await open;
    await arrived(2);
    expect(questsOf(publisher.records, 1)).toEqual([1, 2]);
    await until(() => one.status().horizonStillMs === 0, 'the horizon moved again');
    await blocker.close();
    await other.end();
  });
});

describe('leading', () => {
  it('is for one at a time, and passes on when the leader stops', async () => {
    const first = relay();
    await until(() => first.status().isLeader);
    const second = relay();
    await until(() => second.status().phase === 'other-leads');
    await first.stop();
    await until(() => second.status().isLeader, 'the second one leads');
    await append(1, 1);
    await arrived(1);
  });

  it('comes back after the server ended the connection', async () => {
    const one = relay();
    await until(() => one.status().isLeader);
    await test.db.query("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'quests-relay' AND datname = current_database()");
    await append(1, 1);
    await arrived(1);
    expect(one.status().lastError).not.toBeNull();
  });

  it('ends for one that was fenced: it cannot move the checkpoint any more', async () => {
    const connection = { url: test.url, applicationName: 'quests-relay' };
    const old = await Leadership.take(connection, 'kafka');
    if (typeof old === 'string') throw new Error(old);
    // The server gave its lock to another while it still believed in it.
    await old.session.query('SELECT pg_advisory_unlock_all()');
    const heir = await Leadership.take(connection, 'kafka');
    if (typeof heir === 'string') throw new Error(heir);
    const to = { epoch: 1, xid: '5', seq: '5' };
    await expect(old.moveCheckpoint(to, [])).rejects.toThrow(/took over/);
    await expect(old.moveCheckpoint(to, [{ position: to, topic: 't', key: 'k', reason: 'r' }])).rejects.toThrow(/took over/);
    await expect(old.confirm()).rejects.toThrow(/took over/);
    await heir.moveCheckpoint(to, []);
    const { rows } = await test.db.query('SELECT epoch, xid::text AS at, seq FROM relay_checkpoint');
    expect(rows).toEqual([{ epoch: 1, at: '5', seq: '5' }]);
    expect(await listBlocked(test.db)).toEqual([]);
    await Promise.all([old.resign(), heir.resign()]);
  });

  it('sends again what was sent when the leader died before it stored how far it came', async () => {
    let fail = () => undefined as void;
    publisher.gate = new Promise<void>((resolve) => (fail = resolve));
    await append(1, 1, 2, 3);
    relay();
    await until(() => publisher.isSending);
    await test.db.query("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'quests-relay' AND datname = current_database()");
    fail();
    await relayedAll();
    expect(questsOf(publisher.records, 1)).toEqual([1, 2, 3]);
    expect(publisher.records).toHaveLength(6);
  });

  it('is given away within the deadline, after the send in flight', async () => {
    let release = () => undefined as void;
    publisher.gate = new Promise<void>((resolve) => (release = resolve));
    await append(1, 1);
    const one = relay();
    await until(() => publisher.isSending);
    setTimeout(release, 100);
    await one.stop({ deadlineMs: 5_000 });
    expect(publisher.records).toHaveLength(1);
    expect((await readBacklog(test.db)).pending).toBe(0);
  });

  it('is given away at the deadline, though a send hangs', async () => {
    let release = () => undefined as void;
    publisher.gate = new Promise<void>((resolve) => (release = resolve));
    await append(1, 1);
    const hanging = relay();
    await until(() => publisher.isSending);
    await hanging.stop({ deadlineMs: 50 });
    const heir = relay({ publisher: new RecordingPublisher(publisher.topic) });
    await arrived(1);
    expect(heir.status().isLeader).toBe(true);
    release();
    await until(() => publisher.records.length === 2);
    expect(questsOf(publisher.records, 1)).toEqual([1]);
  });
});

describe('a missing schema', () => {
  it.each([new RegistryUnreachable('http://registry', 'no answer'), new SchemaNotRegistered('lifeos.quests.v1.QuestCompleted', '1.0.0')])('makes the relay wait and say so: $code', async (error) => {
    schemaIds.error = error;
    await append(1, 1);
    const one = relay();
    await until(() => one.status().phase === 'waiting-for-schema');
    expect(one.status()).toMatchObject({ isLeader: true, lastError: { code: error.code } });
    schemaIds.error = null;
    await arrived(1);
    await until(() => one.status().phase === 'leading');
  });

  it('is asked for once a type, not once an event', async () => {
    relay();
    for (let i = 1; i <= 5; i++) await append(1, i);
    await arrived(5);
    expect(schemaIds.calls).toBe(1);
  });
});

describe('a wake-up', () => {
  it('relays at once, long before the next poll', async () => {
    const one = relay({ pollMs: 60_000 });
    await until(() => one.status().isLeader);
    test.log.onAppended(() => one.wake());
    for (let i = 1; i <= 20; i++) await append(1, i);
    await arrived(20);
    expect(new Set(publisher.records.map(idOf)).size).toBe(20);
  });
});
