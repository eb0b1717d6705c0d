import type { Queryable } from '@lifeos/postgres';

/** Who lets us recommend (V-4: ai_insights). Asked before anything is computed. */
export interface AiConsent {
  /** Those of `userIds` with valid consent, as the transaction sees it. */
  grantedBy(db: Queryable, userIds: readonly number[]): Promise<ReadonlySet<number>>;
}

export const AI_CONSENT = Symbol('lifeos.AiConsent');

/** Until this service hears of consents: unknown is no (V-3). */
export const consentUnknown: AiConsent = { grantedBy: () => Promise.resolve(new Set()) };
