import { allEventTypes, type AnyEventType, ExperienceAwarded, QuestCompleted } from '@lifeos/contracts';
import { EventLog } from '@lifeos/event-log';
import type { IncomingRecord } from '@lifeos/events';
import { readTopicToEnd } from '@lifeos/kafka';
import type { Database } from '@lifeos/postgres';
import { kafkaOf, type World } from '../harness/world.js';
import { type Role, topicOf } from '../service/job.js';
import type { Entry, History } from './history.js';

/** What every place holds now; only true when nothing moves any more. */
export async function readHistory(world: World, acknowledged: readonly string[]): Promise<History> {
  const { quests, dashboard } = world.databases;
  return {
    acknowledged,
    counted: await countsIn(quests, 'SELECT user_id AS key, n AS count FROM completed WHERE n > 0'),
    log: await logOf(quests, 'quests'),
    topic: await topicHolds(world, 'quests'),
    effects: await effectsIn(dashboard),
    parked: await parkedIn(dashboard),
    booked: await countsIn(dashboard, 'SELECT user_id AS key, count FROM booked'),
    raisedLog: await logOf(dashboard, 'dashboard'),
    raisedTopic: await topicHolds(world, 'dashboard'),
  };
}

const types: Readonly<Record<Role, AnyEventType>> = { quests: QuestCompleted, dashboard: ExperienceAwarded };

async function logOf(database: Database, role: Role): Promise<Entry[]> {
  const entries: Entry[] = [];
  const log = new EventLog({ database, service: role, types: allEventTypes });
  for await (const { eventId, key, payload } of log.readAll({}, { pageSize: 5_000 })) entries.push({ id: eventId, key, n: numberIn(payload) });
  return entries;
}

async function topicHolds(world: World, role: Role): Promise<Entry[]> {
  const entries: Entry[] = [];
  await readTopicToEnd(kafkaOf(world), topicOf(role, world.run), (records) => void entries.push(...records.map((record) => entryOf(record, types[role]))));
  return entries;
}

function entryOf({ key, value, headers }: IncomingRecord, type: AnyEventType): Entry {
  const payload: object = type.decode((value ?? Buffer.alloc(0)).subarray(5), String(headers['ce_eventversion']));
  return { id: String(headers['ce_id']), key: String(key), n: numberIn(payload) };
}

function numberIn(payload: object): number {
  if ('quest_id' in payload) return Number(payload.quest_id);
  return 'source_id' in payload ? Number(payload.source_id) : Number.NaN;
}

async function effectsIn(database: Database): Promise<Entry[]> {
  const { rows } = await database.query<{ id: string; key: string; n: string }>('SELECT event_id AS id, user_id::text AS key, n FROM effects ORDER BY seq');
  return rows.map(({ id, key, n }) => ({ id, key, n: Number(n) }));
}

/** How many events were ever put aside, also those that were handled since. */
export async function everParked({ databases: { dashboard } }: World): Promise<number> {
  const { rows: [row] } = await dashboard.query<{ last: string | null }>("SELECT pg_sequence_last_value(pg_get_serial_sequence('dead_letters', 'id')) AS last");
  return Number(row?.last ?? 0);
}

async function parkedIn(database: Database): Promise<string[]> {
  const { rows } = await database.query<{ id: string | null }>('SELECT event_id AS id FROM dead_letters');
  return rows.map(({ id }) => id ?? '(no id)');
}

async function countsIn(database: Database, statement: string): Promise<Map<string, number>> {
  const { rows } = await database.query<{ key: string; count: string }>(statement);
  return new Map(rows.map(({ key, count }) => [key, Number(count)]));
}
