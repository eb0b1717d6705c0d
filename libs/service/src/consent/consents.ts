import type { AnyEventType } from '@lifeos/contracts';
import type { Queryable } from '@lifeos/postgres';
import { isInDoubt } from './consent-store.js';

/** What a person can consent to; core functionality needs no consent and is no purpose here (V-1, V-3). */
export const consentPurposes = ['analytics', 'ai_insights', 'social_features', 'marketing', 'research', 'external_integrations'] as const;
export type ConsentPurpose = (typeof consentPurposes)[number];

/**
 * Who allows what, as this service's database knows it. Producers ask before they compute (V-6), in the
 * transaction that raises the event.
 */
export interface Consents {
  /** Those of `userIds` who let events of `type` be made and handled: its override, else its purpose (V-5). Everybody for a core event. */
  allowing(db: Queryable, type: AnyEventType, userIds: readonly number[]): Promise<ReadonlySet<number>>;
  /** Those of `userIds` who granted a purpose, whatever they said of single events. */
  granting(db: Queryable, purpose: ConsentPurpose, userIds: readonly number[]): Promise<ReadonlySet<number>>;
}

/** The service's own table, kept up to date from the consents topic. Unknown is no (V-3), also while a change is parked. */
export const storedConsents: Consents = {
  async allowing(db, type, userIds) {
    if (type.purpose === null || userIds.length === 0) return new Set(userIds);
    return usersFrom(
      db,
      `SELECT user_id FROM consents
       WHERE user_id = ANY ($1::bigint[]) AND coalesce((overrides ->> $2)::boolean, purposes ->> $3 = 'granted', false)
         AND NOT ${isInDoubt('user_id')}`,
      [userIds, type.name, type.purpose],
    );
  },
  granting(db, purpose, userIds) {
    return usersFrom(
      db,
      `SELECT user_id FROM consents WHERE user_id = ANY ($1::bigint[]) AND purposes ->> $2 = 'granted' AND NOT ${isInDoubt('user_id')}`,
      [userIds, purpose],
    );
  },
};

async function usersFrom(db: Queryable, sql: string, values: readonly unknown[]): Promise<ReadonlySet<number>> {
  const { rows } = await db.query<{ user_id: string }>(sql, values);
  return new Set(rows.map(({ user_id }) => Number(user_id)));
}
