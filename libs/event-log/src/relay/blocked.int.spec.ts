import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { QuestCompleted } from '@lifeos/contracts';
import { listBlocked, readBacklog, Relay, retryBlocked, skipBlocked } from '../index.js';
import type { RelayOptions } from '../index.js';
import { FixedSchemaIds, questsOf, RecordingPublisher, stopAll } from '../testing/recording-publisher.js';
import { appendAll, openTestLog, questCompleted, until } from '../testing/test-log.js';
import type { TestLog } from '../testing/test-log.js';

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

describe('a record that the broker refuses for good', () => {
  const refuse = (...questIds: number[]) => {
    publisher.refuses = (record) => questIds.includes(QuestCompleted.decode(record.value.subarray(5), QuestCompleted.version).quest_id);
  };

  it('blocks its key, with all later events, and nothing else', async () => {
    refuse(102);
    await test.db.transaction({ keys: ['1', '2'] }, async (tx) => {
      for (let i = 1; i <= 5; i++) test.log.append(tx, [questCompleted(1, 100 + i), questCompleted(2, 200 + i)]);
    });
    const one = relay();
    await relayedAll();
    expect(questsOf(publisher.records, 1)).toEqual([101]);
    expect(questsOf(publisher.records, 2)).toEqual([201, 202, 203, 204, 205]);
    await append(1, 106);
    await relayedAll();
    const blocked = await listBlocked(test.db);
    expect(blocked.map(({ reason, attempts }) => [reason?.includes('too large for this broker') ?? null, attempts])).toEqual([[true, 1], ...Array(4).fill([null, 0])]);
    expect(one.status().blockedQueues).toBe(1);
    expect(await readBacklog(test.db)).toMatchObject({ blockedQueues: 1, blockedEvents: 5 });
  });

  it('is found again with its reason when a later part of the batch fails', async () => {
    refuse(102);
    publisher.plan.push('fail-before');
    await append(1, 101, 102, 103);
    await append(2, 201);
    relay();
    await relayedAll();
    expect((await listBlocked(test.db)).map(({ reason }) => reason !== null)).toEqual([true, false]);
    expect(questsOf(publisher.records, 2)).toEqual([201]);
  });

  it('is sent with all that waits behind it, in order, when a retry is asked for', async () => {
    refuse(102);
    await append(1, 101, 102, 103);
    const one = relay();
    await relayedAll();
    refuse(103);
    expect(await retryBlocked(test.db, { topic: 'lifeos.quests.events', key: '1' })).toBe(2);
    await until(async () => (await listBlocked(test.db)).length === 1, 'the first one was sent');
    expect((await listBlocked(test.db))[0]).toMatchObject({ reason: expect.stringContaining('too large'), attempts: 1, retryRequested: false });
    refuse();
    await append(1, 104);
    await retryBlocked(test.db, 'all');
    await until(async () => (await listBlocked(test.db)).length === 0, 'all were sent');
    await append(1, 105);
    await arrived(5);
    expect(questsOf(publisher.records, 1)).toEqual([101, 102, 103, 104, 105]);
    await until(() => one.status().blockedQueues === 0);
  });

  it('can be given up for a reason; the later ones are then sent', async () => {
    refuse(101);
    await append(1, 101, 102);
    relay();
    await relayedAll();
    const [head] = await listBlocked(test.db);
    expect(await skipBlocked(test.db, head?.eventId ?? '', 'a test event')).toBe(true);
    expect(await skipBlocked(test.db, head?.eventId ?? '', 'again')).toBe(false);
    await arrived(1);
    await append(1, 103);
    await arrived(2);
    expect(questsOf(publisher.records, 1)).toEqual([102, 103]);
    expect((await test.db.query('SELECT skip_reason FROM relay_blocked')).rows).toEqual([{ skip_reason: 'a test event' }]);
  });

  it('stays blocked for the next leader', async () => {
    refuse(101);
    await append(1, 101);
    const first = relay();
    await relayedAll();
    await first.stop();
    refuse();
    await append(1, 102);
    await append(2, 201);
    relay();
    await relayedAll();
    expect(publisher.records.map(({ key }) => key)).toEqual(['2']);
    expect((await listBlocked(test.db)).map(idOfBlocked)).toHaveLength(2);
  });
});

const idOfBlocked = ({ eventId }: { eventId: string }) => eventId;
