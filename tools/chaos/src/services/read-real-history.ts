import { AchievementUnlocked, allEventTypes, type AnyEventType, ExperienceAwarded, LevelUp, QuestCompleted } from '@lifeos/contracts';
import { EventLog } from '@lifeos/event-log';
import type { IncomingRecord } from '@lifeos/events';
import { readTopicToEnd } from '@lifeos/kafka';
import type { Database } from '@lifeos/postgres';
import { kafkaOf } from '../harness/world.js';
import type { Entry, History } from '../history/history.js';
import type { Achiever } from './achiever.js';
import { type RealName, realServices, type RealWorld } from './real-world.js';

/** What became of these people's quests: in quests' log, the topics, dashboard's ledger and achievements' counts. */
export async function readRealHistory(world: RealWorld, people: readonly Achiever[]): Promise<History> {
  const { quests, dashboard, achievements } = world.databases;
  const keys = new Set(people.map(({ userId }) => String(userId)));
  const ids = [...keys];
  const log = await logOf(quests, { service: 'quests', type: QuestCompleted, keys });
  const eventOf = new Map(log.map(({ id, n }) => [n, id]));
  return {
    acknowledged: people.flatMap(({ completed }) => completed.map((quest) => eventOf.get(quest) ?? `quest ${quest}`)),
    counted: await countsIn(quests, "SELECT user_id AS key, count(*) FROM quests WHERE user_id = ANY ($1) AND status = 'completed' GROUP BY 1", ids),
    log,
    topic: await topicHolds(world, QuestCompleted, keys),
    effects: await ledgerOf(dashboard, ids),
    parked: await parkedIn(dashboard),
    booked: await countsIn(achievements, 'SELECT user_id AS key, quests_completed AS count FROM user_contexts WHERE user_id = ANY ($1)', ids),
    raisedLog: await logOf(dashboard, { service: 'dashboard', type: ExperienceAwarded, keys }),
    raisedTopic: await topicHolds(world, ExperienceAwarded, keys),
  };
}

/** What the services' own states contradict, in words. */
export async function contradictions({ databases }: RealWorld, people: readonly Achiever[]): Promise<string[]> {
  const ids = people.map(({ userId }) => String(userId));
  const found: string[] = [];
  const expectEqual = (what: string, is: number | undefined, wanted: number | undefined): void => {
    if ((is ?? 0) !== (wanted ?? 0)) found.push(`${what}: ${is ?? 0} instead of ${wanted ?? 0}`);
  };
  const created = await countsIn(databases.quests, 'SELECT user_id AS key, count(*) FROM quests WHERE user_id = ANY ($1) GROUP BY 1', ids);
  for (const { userId, created: answered } of people) expectEqual(`quests of ${userId}`, created.get(String(userId)), answered);
  const total = await countsIn(databases.dashboard, 'SELECT user_id AS key, total AS count FROM experience WHERE user_id = ANY ($1)', ids);
  const booked = await countsIn(databases.dashboard, 'SELECT user_id AS key, sum(amount) AS count FROM experience_ledger WHERE user_id = ANY ($1) GROUP BY 1', ids);
  const heard = await countsIn(databases.achievements, 'SELECT user_id AS key, total_experience AS count FROM user_contexts WHERE user_id = ANY ($1)', ids);
  for (const id of ids) {
    expectEqual(`experience of ${id}`, total.get(id), booked.get(id));
    expectEqual(`experience of ${id} that achievements knows`, heard.get(id), total.get(id));
  }
  const noticed = await countsIn(databases.dashboard, "SELECT kind AS key, count(*) FROM notices WHERE user_id = ANY ($1) AND kind IN ('level_up', 'achievement') GROUP BY 1", ids);
  const keys = new Set(ids);
  expectEqual('notices of levels', noticed.get('level_up'), (await logOf(databases.dashboard, { service: 'dashboard', type: LevelUp, keys })).length);
  expectEqual('notices of achievements', noticed.get('achievement'), (await logOf(databases.achievements, { service: 'achievements', type: AchievementUnlocked, keys })).length);
  for (const name of realServices) for (const letter of await parkedIn(databases[name])) found.push(`${name} parked ${letter}`);
  return found;
}

interface Wanted {
  readonly service: RealName;
  readonly type: AnyEventType;
  readonly keys: ReadonlySet<string>;
}

async function logOf(database: Database, { service, type, keys }: Wanted): Promise<Entry[]> {
  const entries: Entry[] = [];
  const log = new EventLog({ database, service, types: allEventTypes, warn: () => undefined });
  for await (const event of log.readAll({}, { pageSize: 5_000 })) {
    if (event.type.recordName === type.recordName && keys.has(event.key)) entries.push(...entryOf({ id: event.eventId, key: event.key }, event.payload));
  }
  return entries;
}

async function topicHolds({ addresses }: RealWorld, type: AnyEventType, keys: ReadonlySet<string>): Promise<Entry[]> {
  const entries: Entry[] = [];
  const take = ({ key, value, headers }: IncomingRecord): void => {
    if (String(headers['ce_type']) !== type.recordName || !keys.has(String(key))) return;
    const payload: object = type.decode((value ?? Buffer.alloc(0)).subarray(5), String(headers['ce_eventversion']));
    entries.push(...entryOf({ id: String(headers['ce_id']), key: String(key) }, payload));
  };
  await readTopicToEnd(kafkaOf(addresses), type.topic ?? '', (records) => records.forEach(take));
  return entries;
}

/** Experience is awarded for other things as well: only what quests brought is followed. */
function entryOf(of: { id: string; key: string }, payload: object): Entry[] {
  if ('source_type' in payload) return payload.source_type === 'quest' && 'source_id' in payload ? [{ ...of, n: Number(payload.source_id) }] : [];
  return [{ ...of, n: 'quest_id' in payload ? Number(payload.quest_id) : 0 }];
}

async function ledgerOf(database: Database, ids: readonly string[]): Promise<Entry[]> {
  const { rows } = await database.query<{ id: string; key: string; n: string }>(
    "SELECT source_event_id AS id, user_id::text AS key, source_id AS n FROM experience_ledger WHERE source_type = 'quest' AND user_id = ANY ($1) ORDER BY source_id", [ids],
  );
  return rows.map(({ id, key, n }) => ({ id, key, n: Number(n) }));
}

async function parkedIn(database: Database): Promise<string[]> {
  const { rows } = await database.query<{ id: string | null }>('SELECT event_id AS id FROM dead_letters');
  return rows.map(({ id }) => id ?? '(no id)');
}

async function countsIn(database: Database, statement: string, ids: readonly string[]): Promise<Map<string, number>> {
  const { rows } = await database.query<{ key: string; count: string }>(statement, [ids]);
  return new Map(rows.map(({ key, count }) => [key, Number(count)]));
}
