import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { derivedEventId } from '@lifeos/events';
import type { IncomingRecord, OutgoingRecord } from '@lifeos/events';
import { openDatabase } from '@lifeos/postgres';
import { adoptServer, EventLog, readBacklog, Relay, restoreFromTopic, ServerNotAdopted, TopicNotRestorable } from './index.js';
import { FixedSchemaIds, idOf, questsOf, RecordingPublisher } from './testing/recording-publisher.js';
import { appendAll, openTestLog, questCompleted, until } from './testing/test-log.js';
import type { TestLog } from './testing/test-log.js';

let test: TestLog;
const publisher = () => new RecordingPublisher();

beforeEach(async () => {
  test = await openTestLog();
});

afterEach(() => test.end());

/** Relays until nothing is pending. */
async function relayAll(log: TestLog, to: RecordingPublisher): Promise<void> {
  const relay = new Relay({ connection: { url: log.url, applicationName: 'relay' }, service: 'quests', publisher: to, schemaIds: new FixedSchemaIds(), pollMs: 10 });
  relay.start();
  await until(async () => (await readBacklog(log.db)).pending === 0, 'nothing is pending');
  await relay.stop();
}

const append = (userId: number, ...questIds: number[]) => appendAll(test, questIds.map((id) => questCompleted(userId, id)));
const epoch = async () => (await test.db.query<{ epoch: number }>('SELECT epoch FROM event_log_epoch')).rows[0]?.epoch;

describe('a database that was restored into another cluster', () => {
  /** What a dump of a busier cluster looks like here: higher transaction ids, another identity. */
  async function makeForeign({ isOtherCluster }: { isOtherCluster: boolean }) {
    await test.db.query("UPDATE event_log SET xid = (xid::text::bigint + 1000000000)::text::xid8");
    await test.db.query("UPDATE relay_checkpoint SET xid = (xid::text::bigint + 1000000000)::text::xid8");
    await test.db.query("UPDATE event_log_epoch SET server_started_at = '2000-01-01', system_identifier = CASE WHEN $1 THEN 1 ELSE system_identifier END", [isOtherCluster]);
  }

  it.each([{ isOtherCluster: true }, { isOtherCluster: false }])('publishes new events after the old ones, in order, none lost: %o', async (foreign) => {
    const topic = publisher();
    await append(1, 1, 2);
    await relayAll(test, topic);
    await append(1, 3, 4);
    await makeForeign(foreign);

    const restored = openDatabase({ url: test.url, applicationName: 'restored', onConnect: adoptServer });
    const log = new EventLog({ database: restored, service: 'quests', types: [] });
    await restored.transaction({ keys: ['1'] }, async (tx) => log.append(tx, [questCompleted(1, 5), questCompleted(1, 6)]));
    await restored.close();
    await relayAll(test, topic);
    expect(questsOf(topic.records, 1)).toEqual([1, 2, 3, 4, 5, 6]);
    expect(topic.records).toHaveLength(6);
    expect(await epoch()).toBe(2);
  });

  it('refuses an append until it is adopted, and adopts it then', async () => {
    await append(1, 1);
    await makeForeign({ isOtherCluster: true });
    // This pool's connections passed their hook before.
    await expect(append(1, 2)).rejects.toBeInstanceOf(ServerNotAdopted);
    await append(1, 3);
    const topic = publisher();
    await relayAll(test, topic);
    expect(questsOf(topic.records, 1)).toEqual([1, 3]);
  });

  it('keeps its epoch when only the server started anew', async () => {
    await append(1, 1);
    await test.db.query("UPDATE event_log_epoch SET server_started_at = '2000-01-01'");
    await Promise.all(Array.from({ length: 5 }, () => test.db.query('SELECT event_log_adopt_server()')));
    await append(1, 2);
    expect(await epoch()).toBe(1);
  });

  it('raises the epoch once, however many connections find out together', async () => {
    await append(1, 1);
    await makeForeign({ isOtherCluster: true });
    await Promise.all(Array.from({ length: 5 }, () => test.db.query('SELECT event_log_adopt_server()')));
    expect(await epoch()).toBe(2);
  });

  it('can be adopted by a role without special rights', async () => {
    await test.db.query("DO $$ BEGIN CREATE ROLE event_log_plain; EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$");
    await test.db.query('GRANT SELECT, INSERT, UPDATE ON ALL TABLES IN SCHEMA public TO event_log_plain');
    await makeForeign({ isOtherCluster: true });
    await test.db.transaction({ keys: [] }, async (tx) => {
      await tx.query('SET LOCAL ROLE event_log_plain');
      await tx.query('SELECT event_log_adopt_server()');
    });
    expect(await epoch()).toBe(2);
  });
});

describe('a service that lost its database', () => {
  const schemaIds = new FixedSchemaIds();
  const asRead = (records: readonly OutgoingRecord[]): IncomingRecord[] =>
    records.map(({ topic, key, value, headers }, offset) => ({ topic, partition: 0, offset, key: Buffer.from(key), value, headers, timestamp: 0 }));
  const rows = async (log: TestLog) =>
    (await log.db.query('SELECT event_id, key, topic, type, version, occurred_at, correlation_id, causation_id, traceparent, payload FROM event_log ORDER BY event_log.epoch, event_log.xid, event_log.seq')).rows;

  it('gets its published events back as they were, and publishes none of them again', async () => {
    const derived = derivedEventId({ context: 'quests', eventName: 'QuestCompleted', userId: 1, fact: '7' });
    const before = publisher();
    await append(1, 1, 2);
    await append(2, 1);
    await appendAll(test, [questCompleted(1, 3, { eventId: derived, causationId: 'cause', correlationId: null, traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01` })]);
    await relayAll(test, before);

    const rebuilt = await openTestLog();
    const restore = () => restoreFromTopic(asRead(before.records), { database: rebuilt.db, schemaIds, batchSize: 3 });
    expect(await restore()).toEqual({ restored: 4, alreadyThere: 0, skipped: 0 });
    expect(await restore()).toEqual({ restored: 0, alreadyThere: 4, skipped: 0 });
    expect(await rows(rebuilt)).toEqual(await rows(test));

    const after = publisher();
    await appendAll(rebuilt, [questCompleted(1, 3, { eventId: derived })]);
    const fresh = questCompleted(1, 4);
    await appendAll(rebuilt, [fresh]);
    await relayAll(rebuilt, after);
    expect(after.records.map(idOf)).toEqual([fresh.eventId]);
    await rebuilt.end();
  });

  it('leaves out records that are no events and says which', async () => {
    const [record] = asRead([{ topic: 't', key: '1', value: Buffer.from([1]), headers: {} }]);
    const skipped: string[] = [];
    const report = await restoreFromTopic(record === undefined ? [] : [record], { database: test.db, schemaIds, onSkipped: (place, reason) => skipped.push(`${place} ${reason}`) });
    expect(report).toEqual({ restored: 0, alreadyThere: 0, skipped: 1 });
    expect(skipped).toEqual(['t 0:0 header ce_specversion is missing']);
  });

  it('stops when the registry is not the one that the events were published under', async () => {
    const topic = publisher();
    await append(1, 1);
    await relayAll(test, topic);
    const restoring = restoreFromTopic(asRead(topic.records), { database: test.db, schemaIds: new FixedSchemaIds(8) });
    await expect(restoring).rejects.toBeInstanceOf(TopicNotRestorable);
  });
});
