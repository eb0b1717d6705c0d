import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { eventLogMigrations, readBacklog } from '@lifeos/event-log';
import { KafkaRecordPublisher } from '@lifeos/kafka';
import { ensureDatabase, startPostgres, type RunningPostgres } from '@lifeos/local';
import { type Database, migrate, openDatabase } from '@lifeos/postgres';
import { openProxiedKafka, type ProxiedKafka } from '../testing/proxied-kafka.js';
import { openQuestLog, openQuestLogIn, type QuestLog, questsByUser, until } from '../testing/quest-log.js';

const tables = ['event_log_epoch', 'event_log', 'event_log_snapshot', 'relay_checkpoint', 'relay_blocked'];
const users = [1, 2, 3];

let kafka: ProxiedKafka;
let folder: string;
let cluster: RunningPostgres;
const logs: QuestLog[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'restored-'));
  await chmod(folder, 0o755);
  [kafka, cluster] = await Promise.all([openProxiedKafka(), startPostgres({ dataDir: folder, fsync: false })]);
});
afterEach(async () => {
  for (const log of logs.splice(0)) await log.end();
  await cluster.stop();
  await kafka.proxy.close();
  await rm(folder, { recursive: true, force: true });
});

/** What a dump and its restore do: every row as it is, transaction ids included, and the sequence behind the last one. */
async function restore(from: Database, url: string): Promise<void> {
  const to = openDatabase({ url, applicationName: 'restore' });
  await to.transaction({ keys: [] }, async (tx) => {
    await tx.query(`TRUNCATE ${tables.join(', ')}`);
    for (const table of tables) {
      const { rows } = await from.query<{ dump: string }>(`SELECT coalesce(json_agg(t), '[]')::text AS dump FROM ${table} t`);
      await tx.query(`INSERT INTO ${table} SELECT * FROM json_populate_recordset(NULL::${table}, $1)`, [rows[0]?.dump]);
    }
    await tx.query("SELECT setval(pg_get_serial_sequence('event_log', 'seq'), (SELECT max(seq) FROM event_log))");
  });
  await to.close();
}

async function nextTransactionId(db: Database): Promise<number> {
  const { rows } = await db.query<{ next: string }>('SELECT pg_snapshot_xmax(pg_current_snapshot())::text AS next');
  return Number(rows[0]?.next);
}

/** Each block with an exception clause that writes takes an id of its own. */
const burnTransactionIds = (db: Database, count: number): Promise<unknown> => db.query(`DO $$ BEGIN
  CREATE TEMPORARY TABLE burnt (x int) ON COMMIT DROP;
  FOR i IN 1..${count} LOOP
    BEGIN INSERT INTO burnt VALUES (i); EXCEPTION WHEN unique_violation THEN NULL; END;
  END LOOP;
END $$`);

async function complete(log: QuestLog, ...quests: number[]): Promise<void> {
  for (const quest of quests) for (const user of users) await log.complete(user, quest);
}

async function relayed(log: QuestLog): Promise<void> {
  await until(async () => (await readBacklog(log.database)).pending === 0, 'all is relayed');
}

describe('a log that was restored into a new cluster', () => {
  it('P-19: goes on in order though transaction ids begin anew there: nothing lost, doubled or out of order', async () => {
    const topic = await kafka.newTopic(3);
    const before = await openQuestLog(new KafkaRecordPublisher(kafka.direct), topic);
    logs.push(before);
    // The old cluster is the one of all tests; it must be ahead of a fresh one.
    await burnTransactionIds(before.database, 20_000);
    before.relay.start();
    await complete(before, 1, 2);
    await relayed(before);
    await before.relay.stop();
    await complete(before, 3, 4);

    const url = await ensureDatabase(cluster.url, 'quests');
    await migrate({ url, sets: [eventLogMigrations] });
    await restore(before.database, url);
    const after = await openQuestLogIn({ url, drop: () => Promise.resolve() }, new KafkaRecordPublisher(kafka.direct), topic);
    logs.push(after);
    expect(await nextTransactionId(after.database)).toBeLessThan(await nextTransactionId(before.database));
    await complete(after, 5, 6);
    after.relay.start();
    await complete(after, 7);
    await relayed(after);

    const records = await kafka.read(topic);
    expect(records).toHaveLength(7 * users.length);
    for (const user of users) expect(questsByUser(records).get(String(user))).toEqual([1, 2, 3, 4, 5, 6, 7]);
  });
});
