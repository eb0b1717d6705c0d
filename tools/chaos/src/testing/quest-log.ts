import { allEventTypes, QuestCompleted } from '@lifeos/contracts';
import { adoptServer, EventLog, eventLogMigrations, Relay } from '@lifeos/event-log';
import { type IncomingRecord, newEventId, type RecordPublisher } from '@lifeos/events';
import { type Database, migrate, openDatabase } from '@lifeos/postgres';
import { createTestDatabase, type TestDatabase } from '@lifeos/testing';
import { publishSchemas, openSchemaRegistry } from '@lifeos/schema-registry';
import { testAddresses } from './test-addresses.js';

/** A service's log with a relay, in a database of its own. */
export interface QuestLog {
  readonly database: Database;
  readonly relay: Relay;
  /** One command: a completed quest of the user, committed. */
  complete(user: number, quest: number): Promise<void>;
  end(): Promise<void>;
}

export async function openQuestLog(publisher: RecordPublisher, topic: string): Promise<QuestLog> {
  const { url, drop } = await createTestDatabase();
  await migrate({ url, sets: [eventLogMigrations] });
  return openQuestLogIn({ url, drop }, publisher, topic);
}

/** The same in a database that is there and migrated; `drop` is called at the end. */
export async function openQuestLogIn({ url, drop }: TestDatabase, publisher: RecordPublisher, topic: string): Promise<QuestLog> {
  const { registryUrl } = testAddresses();
  await publishSchemas({ registryUrl, eventTypes: [QuestCompleted] });
  const database = openDatabase({ url, applicationName: 'chaos-test', onConnect: adoptServer, onBackgroundError: () => undefined });
  const log = new EventLog({ database, service: 'quests', types: allEventTypes });
  const relay = new Relay({
    connection: { url, applicationName: 'chaos-test relay' },
    service: 'quests',
    publisher: { publish: (records) => publisher.publish(records.map((record) => ({ ...record, topic }))), close: () => publisher.close() },
    schemaIds: openSchemaRegistry({ url: registryUrl }, allEventTypes).ids,
  });
  log.onAppended(() => relay.wake());
  return {
    database,
    relay,
    complete: (user, quest) => database.transaction({ keys: [String(user)] }, async (tx) => log.append(tx, [questCompleted(user, quest)])),
    end: async () => {
      await relay.stop();
      await publisher.close();
      await database.close();
      await drop();
    },
  };
}

function questCompleted(user: number, quest: number) {
  const timestamp = new Date();
  return {
    eventId: newEventId(), type: QuestCompleted, timestamp, key: String(user), correlationId: null, causationId: null, traceparent: null,
    payload: QuestCompleted.build({ user_id: user, quest_id: quest, quest_type: 'main', experience_reward: 1, completion_timestamp: timestamp, auto_completed: false }),
  };
}

/** Quest ids of each user as a reader sees them who drops copies. */
export function questsByUser(records: readonly IncomingRecord[]): Map<string, number[]> {
  const seen = new Set<string>();
  const quests = new Map<string, number[]>();
  for (const { key, value, headers } of records) {
    const id = String(headers['ce_id']);
    if (seen.has(id)) continue;
    seen.add(id);
    const ofUser = quests.get(String(key)) ?? [];
    quests.set(String(key), [...ofUser, QuestCompleted.decode((value ?? Buffer.alloc(0)).subarray(5), QuestCompleted.version).quest_id]);
  }
  return quests;
}

export async function until(condition: () => boolean | Promise<boolean>, what: string, withinMs = 90_000): Promise<void> {
  const deadline = Date.now() + withinMs;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`Waited ${withinMs} ms in vain: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
