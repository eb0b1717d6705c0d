import { randomUUID } from 'node:crypto';
import { allEventTypes, QuestCompleted } from '@lifeos/contracts';
import { newEventId } from '@lifeos/events';
import type { NewEvent } from '@lifeos/events';
import { migrate, openDatabase } from '@lifeos/postgres';
import type { Database } from '@lifeos/postgres';
import { adoptServer } from '../adopt-server.js';
import type { ConsentRevisions } from '../consent-revisions.js';
import { EventLog } from '../event-log.js';
import { eventLogMigrations } from '../migrations.js';

export interface TestLog {
  readonly url: string;
  readonly db: Database;
  readonly log: EventLog;
  readonly warnings: string[];
  /** Closes the connections and drops the database. */
  end(): Promise<void>;
}

/** An event log in a database of its own on the test server. */
export async function openTestLog(options: { max?: number; maxRecordBytes?: number; consentRevisions?: ConsentRevisions } = {}): Promise<TestLog> {
  const server = process.env['LIFEOS_TEST_POSTGRES_URL'];
  if (server === undefined) throw new Error('LIFEOS_TEST_POSTGRES_URL names no PostgreSQL server; run the tests by npm test');
  const name = `t_${randomUUID().replaceAll('-', '')}`;
  await onServer(server, `CREATE DATABASE ${name}`);
  const url = Object.assign(new URL(server), { pathname: `/${name}` }).href;
  await migrate({ url, sets: [eventLogMigrations] });
  const warnings: string[] = [];
  const db = openDatabase({ url, applicationName: 'quests', max: options.max ?? 8, onConnect: adoptServer, onBackgroundError: () => undefined });
  const log = new EventLog({
    database: db,
    service: 'quests',
    types: allEventTypes,
    warn: (message) => warnings.push(message),
    ...(options.consentRevisions === undefined ? {} : { consentRevisions: options.consentRevisions }),
    ...(options.maxRecordBytes === undefined ? {} : { maxRecordBytes: options.maxRecordBytes }),
  });
  const end = async () => {
    await db.close();
    await onServer(server, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
  };
  return { url, db, log, warnings, end };
}

async function onServer(url: string, statement: string): Promise<void> {
  const db = openDatabase({ url, applicationName: 'test', max: 1 });
  await db.query(statement).finally(() => db.close());
}

const at = new Date('2026-11-21T10:11:12.345Z');

/** A completed quest of a user; the quest's id tells events of one user apart. */
export function questCompleted(userId: number, questId: number, identity: Partial<NewEvent> = {}): NewEvent {
  return {
    eventId: newEventId(),
    type: QuestCompleted,
    timestamp: at,
    key: String(userId),
    correlationId: 'flow',
    causationId: null,
    traceparent: null,
    payload: QuestCompleted.build({
      user_id: userId, quest_id: questId, quest_type: 'main', experience_reward: 10, completion_timestamp: at, auto_completed: false,
    }),
    ...identity,
  };
}

export async function appendAll(test: TestLog, events: readonly NewEvent[]): Promise<void> {
  await test.db.transaction({ keys: events.map(({ key }) => key) }, async (tx) => test.log.append(tx, events));
}

export async function until(condition: () => boolean | Promise<boolean>, what = 'it'): Promise<void> {
  for (let i = 0; i < 9_000; i++) {
    if (await condition()) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error(`waited in vain until ${what}`);
}
