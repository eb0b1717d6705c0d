import type { KnownPosition } from '@lifeos/delivery';
import { offsetsAtTime, topicOffsets, type KafkaConfig } from '@lifeos/kafka';
import { openDatabase, sqlState, type Queryable } from '@lifeos/postgres';
import type { ConsumerManifest } from '../topology/manifest.js';
import { startOf, topicsOf, type GroupState } from './plan.js';

/** @throws the driver's error when database or broker cannot be reached, or a topic does not exist. */
export async function readGroupState({ handlers }: ConsumerManifest, { databaseUrl, kafka }: { databaseUrl: string; kafka: KafkaConfig }): Promise<GroupState> {
  const topics = [...new Set(handlers.flatMap(topicsOf))].sort();
  const positions = await readPositions(databaseUrl);
  const bounds = (await Promise.all(topics.map((topic) => topicOffsets(kafka, topic)))).flat();
  const wanted = handlers.flatMap((handler) => topicsOf(handler).map((topic) => ({ topic, from: startOf(handler.from) })));
  const times = new Map(wanted.flatMap(({ topic, from }) => (typeof from === 'string' ? [] : [[`${topic} ${from.timestamp.toISOString()}`, { topic, time: from.timestamp }] as const])));
  const found = new Map(await Promise.all([...times].map(async ([name, { topic, time }]) => [name, await offsetsAtTime(kafka, topic, time)] as const)));
  return { positions, bounds, offsetAt: ({ topic, partition }, time) => found.get(`${topic} ${time.toISOString()}`)?.get(partition) ?? Infinity };
}

async function readPositions(url: string): Promise<KnownPosition[]> {
  const database = openDatabase({ url, applicationName: 'lifeos subscriptions', max: 2, onBackgroundError: () => undefined });
  try {
    return await positionsIn(database);
  } finally {
    await database.close();
  }
}

const undefinedTable = '42P01';

/** Read before the release step as well: then the table may lack the column of this release, or may be missing. */
async function positionsIn(database: Queryable): Promise<KnownPosition[]> {
  try {
    const { rows } = await database.query<KnownPosition>(
      `SELECT handler, topic, partition, next_offset::float8 AS next, NOT (to_jsonb(p) ? 'live_at' AND to_jsonb(p) ->> 'live_at' IS NULL) AS "isLive" FROM consumer_positions p`,
    );
    return rows;
  } catch (error) {
    if (sqlState(error) === undefinedTable) return [];
    throw error;
  }
}
