import { UserProfileUpdated, UserRegistered, type UserProfileUpdatedPayload, type UserRegisteredPayload } from '@lifeos/contracts';
import type { EventOf } from '@lifeos/events';
import type { Queryable } from '@lifeos/postgres';

export type ProfileEvent = EventOf<typeof UserRegistered> | EventOf<typeof UserProfileUpdated>;

/**
 * Brings profiles to what own events tell, in the events' order. A row that knows of an event already is
 * left alone, so in everyday life nothing happens here; a new row has neither user name nor password.
 */
export async function restoreProfiles(tx: Queryable, events: readonly ProfileEvent[]): Promise<void> {
  await insertUnknown(tx, events.filter((event): event is EventOf<typeof UserRegistered> => event.type === UserRegistered));
  const changes = events.filter((event): event is EventOf<typeof UserProfileUpdated> => event.type === UserProfileUpdated);
  await applyNewer(tx, mergeByUser(changes, await knownUntil(tx, changes.map(({ payload }) => payload.user_id))));
}

async function insertUnknown(tx: Queryable, events: readonly { payload: UserRegisteredPayload; timestamp: Date }[]): Promise<void> {
  if (events.length === 0) return;
  const sql = `INSERT INTO users (user_id, email, time_zone, registered_at, profile_changed_at)
    SELECT user_id, email, time_zone, registration_timestamp, at
    FROM json_to_recordset($1::json) AS n(user_id bigint, email text, time_zone text, registration_timestamp timestamptz, at timestamptz)
    ON CONFLICT (user_id) DO NOTHING`;
  await tx.query(sql, [JSON.stringify(events.map(({ payload, timestamp }) => ({ ...payload, at: timestamp })))]);
}

/** ms since the epoch; a row from a backup knows of nothing yet. */
async function knownUntil(tx: Queryable, userIds: readonly number[]): Promise<Map<number, number>> {
  if (userIds.length === 0) return new Map();
  const sql = `SELECT user_id, nullif(profile_changed_at, '-infinity') AS at FROM users WHERE user_id = ANY($1::bigint[])`;
  const { rows } = await tx.query<{ user_id: string; at: Date | null }>(sql, [userIds]);
  return new Map(rows.map(({ user_id, at }) => [Number(user_id), at?.getTime() ?? Number.NEGATIVE_INFINITY]));
}

interface MergedChange {
  readonly user_id: number;
  readonly fields: Readonly<Record<string, unknown>>;
  readonly at: Date;
}

function mergeByUser(changes: readonly { payload: UserProfileUpdatedPayload; timestamp: Date }[], known: ReadonlyMap<number, number>): MergedChange[] {
  const merged = new Map<number, MergedChange>();
  for (const { payload, timestamp } of changes) {
    const { user_id, updated_fields } = payload;
    const before = merged.get(user_id);
    const until = before?.at.getTime() ?? known.get(user_id) ?? Number.POSITIVE_INFINITY;
    if (timestamp.getTime() > until) merged.set(user_id, { user_id, fields: { ...before?.fields, ...updated_fields }, at: timestamp });
  }
  return [...merged.values()];
}

const changeable = { first_name: '', last_name: '', email: '', bio: '', location: '', birth_date: '::date', time_zone: '' };

async function applyNewer(tx: Queryable, changes: readonly MergedChange[]): Promise<void> {
  if (changes.length === 0) return;
  const fields = Object.entries(changeable).map(([name, cast]) => `${name} = CASE WHEN n.fields ? '${name}' THEN (n.fields ->> '${name}')${cast} ELSE users.${name} END`);
  const sql = `UPDATE users SET ${fields.join(', ')}, profile_changed_at = n.at
    FROM json_to_recordset($1::json) AS n(user_id bigint, fields jsonb, at timestamptz) WHERE users.user_id = n.user_id`;
  await tx.query(sql, [JSON.stringify(changes)]);
}
