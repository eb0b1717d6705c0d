import { allEventTypes, QuestCompleted } from '@lifeos/contracts';
import { newEventId, type NewEvent } from '@lifeos/events';
import { adoptServer, EventLog, eventLogMigrations } from '@lifeos/event-log';
import { migrate, openDatabase, type Database, type MigrationSet } from '@lifeos/postgres';
import type { BenchEnv } from '../harness/scenario.js';
import { benchDatabase, createBenchDatabase, type BenchDatabase } from './bench-database.js';
import { quest } from './quest-events.js';

/** A service's own database with an event log in it. */
export interface QuestLog extends BenchDatabase {
  readonly database: Database;
  readonly eventLog: EventLog;
}

/** The database that the contestant's preparation made, to be measured and dropped. */
export function preparedQuestLog(env: BenchEnv): QuestLog {
  const created = benchDatabase(env.postgresUrl, String(env.prepared['database']));
  return { ...created, ...openQuestLog(created.url) };
}

/** A fresh, migrated database. */
export async function createQuestLog(postgresUrl: string, name: string, sets: readonly MigrationSet[] = []): Promise<QuestLog> {
  const created = await createBenchDatabase(postgresUrl, name);
  await migrate({ url: created.url, sets: [eventLogMigrations, ...sets] });
  return { ...created, ...openQuestLog(created.url) };
}

/** Opens the same database from another process. Ends with `database.close()`. */
export function openQuestLog(url: string, service = QuestCompleted.context): { database: Database; eventLog: EventLog } {
  const database = openDatabase({ url, applicationName: 'bench', onConnect: adoptServer });
  return { database, eventLog: new EventLog({ database, service, types: allEventTypes }) };
}

/** Appends the quests `from` to `to` (excluded) in one transaction; resolves after COMMIT. */
export async function appendQuests({ database, eventLog }: Pick<QuestLog, 'database' | 'eventLog'>, from: number, to: number): Promise<void> {
  const events = Array.from({ length: to - from }, (_, index) => questEvent(from + index));
  await database.transaction({ keys: events.map(({ key }) => key) }, async (tx) => eventLog.append(tx, events));
}

function questEvent(index: number): NewEvent {
  const payload = quest(index);
  return {
    eventId: newEventId(),
    type: QuestCompleted,
    timestamp: payload.completion_timestamp,
    key: String(payload.user_id),
    correlationId: newEventId(),
    causationId: null,
    traceparent: `00-${newEventId().replaceAll('-', '')}-00f067aa0ba902b7-01`,
    payload,
  };
}

/** Appends quests 0 to `count` in transactions of `size`. */
export async function appendAll(log: Pick<QuestLog, 'database' | 'eventLog'>, count: number, size: number): Promise<void> {
  for (let from = 0; from < count; from += size) await appendQuests(log, from, Math.min(count, from + size));
}
