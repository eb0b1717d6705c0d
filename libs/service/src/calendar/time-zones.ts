import type { Queryable } from '@lifeos/postgres';
import { isTimeZone } from './local-day.js';

/*
 * For services that go by the person's own day: a read model fed by UserRegistered and UserProfileUpdated, in a table of the
 * service's own, `time_zones (user_id bigint PRIMARY KEY, time_zone text NOT NULL)`.
 */

/** What an event says of a person's time zone. */
export interface ZoneNews {
  readonly userId: number;
  /** IANA name; undefined when the event tells nothing of it. */
  readonly timeZone: unknown;
}

/** Keeps each person's latest zone; one that this build does not know is left out, and UTC or the zone before it holds. */
export async function rememberTimeZones(tx: Queryable, news: readonly ZoneNews[]): Promise<void> {
  const latest = new Map<number, string>();
  for (const { userId, timeZone } of news) {
    if (typeof timeZone === 'string' && isTimeZone(timeZone)) latest.set(userId, timeZone);
  }
  if (latest.size === 0) return;
  await tx.query(
    `INSERT INTO time_zones (user_id, time_zone) SELECT * FROM unnest($1::bigint[], $2::text[])
     ON CONFLICT (user_id) DO UPDATE SET time_zone = excluded.time_zone`,
    [[...latest.keys()], [...latest.values()]],
  );
}

/** The zones heard of; whoever is missing lives in UTC. */
export async function timeZonesOf(db: Queryable, userIds: readonly number[]): Promise<Map<number, string>> {
  if (userIds.length === 0) return new Map();
  const { rows } = await db.query<{ user_id: string; time_zone: string }>(
    'SELECT user_id, time_zone FROM time_zones WHERE user_id = ANY ($1::bigint[])',
    [userIds],
  );
  return new Map(rows.map(({ user_id, time_zone }) => [Number(user_id), time_zone]));
}

export async function timeZoneOf(db: Queryable, userId: number): Promise<string> {
  return (await timeZonesOf(db, [userId])).get(userId) ?? 'UTC';
}
