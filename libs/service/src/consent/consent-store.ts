import { ConsentState } from '@lifeos/contracts';
import type { Queryable } from '@lifeos/postgres';
import type { KnownState } from './follow-states.js';

/** Persisted in positions and dead letters: never renamed. */
export const keepConsentsHandler = 'keep-consents';

const consentsTopic = ConsentState.topic ?? '';

/** A change of what this person allows is parked: until it is mended nobody knows what they allow. */
export const isInDoubt = (userId: string): string => `EXISTS (
  SELECT FROM dead_letters d WHERE d.topic = '${consentsTopic}' AND d.key = ${userId}::text AND d.handler = '${keepConsentsHandler}' AND NOT d.is_follower)`;

/** The people of whom anything is known. Under their key locks nobody changes it meanwhile. */
export async function knownStates(db: Queryable, userIds: readonly number[]): Promise<Map<number, KnownState>> {
  const { rows } = await db.query<Omit<KnownState, 'user_id' | 'revision'> & { user_id: string; revision: string }>(
    'SELECT user_id, revision, purposes, overrides, changed_at FROM consents WHERE user_id = ANY ($1::bigint[])',
    [userIds],
  );
  return new Map(rows.map((row) => [Number(row.user_id), { ...row, user_id: Number(row.user_id), revision: Number(row.revision) }]));
}

/** A lower or equal revision than the stored one changes nothing. */
export async function storeStates(db: Queryable, states: readonly KnownState[]): Promise<void> {
  if (states.length === 0) return;
  await db.query(
    `INSERT INTO consents (user_id, revision, purposes, overrides, changed_at)
     SELECT user_id, revision, purposes, overrides, changed_at
     FROM jsonb_to_recordset($1::jsonb) AS s (user_id bigint, revision bigint, purposes jsonb, overrides jsonb, changed_at timestamptz)
     ON CONFLICT (user_id) DO UPDATE SET revision = excluded.revision, purposes = excluded.purposes, overrides = excluded.overrides, changed_at = excluded.changed_at
     WHERE consents.revision < excluded.revision`,
    [JSON.stringify(states)],
  );
}

/** Revisions by user; a user of whom nothing is known is left out. */
export async function revisionsOf(db: Queryable, userIds: readonly number[]): Promise<Map<number, number>> {
  const { rows } = await db.query<{ user_id: string; revision: string }>('SELECT user_id, revision FROM consents WHERE user_id = ANY ($1::bigint[])', [userIds]);
  return new Map(rows.map(({ user_id, revision }) => [Number(user_id), Number(revision)]));
}

/** Whether this service, whichever of its instances, has handled everything before these offsets. */
export async function areConsentsRead(db: Queryable, ends: readonly { readonly partition: number; readonly high: number }[]): Promise<boolean> {
  const { rows } = await db.query<{ partition: number; next_offset: string }>(
    'SELECT partition, next_offset FROM consumer_positions WHERE handler = $1 AND topic = $2',
    [keepConsentsHandler, consentsTopic],
  );
  const next = new Map(rows.map(({ partition, next_offset }) => [partition, Number(next_offset)]));
  return ends.every(({ partition, high }) => high === 0 || (next.get(partition) ?? 0) >= high);
}
