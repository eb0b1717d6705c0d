import { LevelUp } from '@lifeos/contracts';
import type { Queryable } from '@lifeos/postgres';

/**
 * The highest level that an earlier life of this service told of each person, before it was rebuilt with an
 * empty database; nobody otherwise. Topics read anew come in another order, in which other awards pass the
 * thresholds: levels up to this one are not told a second time.
 */
export async function toldLevels(db: Queryable, userIds: readonly number[]): Promise<ReadonlyMap<number, number>> {
  if (userIds.length === 0) return new Map();
  const { rows } = await db.query<{ version: string; payload: Buffer }>(
    'SELECT version, payload FROM event_log WHERE epoch = 0 AND type = $1 AND key = ANY ($2::text[])',
    [LevelUp.recordName, [...new Set(userIds)].map(String)],
  );
  const told = new Map<number, number>();
  for (const { version, payload } of rows) {
    const { user_id, new_level } = LevelUp.decode(payload, version);
    told.set(user_id, Math.max(new_level, told.get(user_id) ?? 1));
  }
  return told;
}
