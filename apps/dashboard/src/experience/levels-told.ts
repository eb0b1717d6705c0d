import { LevelUp } from '@lifeos/contracts';
import type { Queryable } from '@lifeos/postgres';

/**
 * The highest level that an earlier life of this service told each of these people of; nobody's where the
 * database was never rebuilt. Rebuilt, topics interleave in another way, so awards pass other thresholds
 * on the way to the same total: what is not above that level was told already. Levels rise with time, so
 * the newest few tell the highest.
 */
export async function levelsTold(tx: Queryable, userIds: readonly number[]): Promise<ReadonlyMap<number, number>> {
  if (userIds.length === 0) return new Map();
  const sql = `SELECT person.key, own.payload, own.version FROM unnest($1::text[]) AS person (key) CROSS JOIN LATERAL (
      SELECT payload, version FROM event_log WHERE epoch = 0 AND event_log.key = person.key AND type = $2 ORDER BY occurred_at DESC LIMIT 50) AS own`;
  const { rows } = await tx.query<{ key: string; payload: Buffer; version: string }>(sql, [[...new Set(userIds)].map(String), LevelUp.recordName]);
  const told = new Map<number, number>();
  for (const { key, payload, version } of rows) {
    const { new_level } = LevelUp.decode(payload, version);
    told.set(Number(key), Math.max(told.get(Number(key)) ?? 0, new_level));
  }
  return told;
}
