import type { ConsentStateInput, ConsentStatePayload } from '@lifeos/contracts';
import type { Queryable } from '@lifeos/postgres';
import { consentPurposes } from '@lifeos/service';
import { firstExpiry, undecided, type Consent, type ConsentStatus } from './consent.js';

interface SettingsRow {
  readonly user_id: string;
  readonly revision: string;
  readonly purposes: Readonly<Record<string, { readonly status: ConsentStatus; readonly since: string | null }>>;
  readonly overrides: Readonly<Record<string, boolean>>;
  readonly changed_at: Date;
}

/** Of each person: who never decided has decided nothing. */
export async function consentsOf(source: Queryable, userIds: readonly number[]): Promise<Map<number, Consent>> {
  const sql = 'SELECT user_id, revision, purposes, overrides, changed_at FROM consent_settings WHERE user_id = ANY ($1::bigint[])';
  const { rows } = await source.query<SettingsRow>(sql, [userIds]);
  const stored = new Map(rows.map((row) => [Number(row.user_id), consentOf(row)]));
  return new Map(userIds.map((userId) => [userId, stored.get(userId) ?? undecided]));
}

export interface PersonsConsent {
  readonly userId: number;
  readonly consent: Consent;
}

/** Only what is newer than the stored revision is kept. */
export async function saveConsents(tx: Queryable, consents: readonly PersonsConsent[]): Promise<void> {
  if (consents.length === 0) return;
  const rows = consents.map(({ userId, consent }) => ({ user_id: userId, ...consent, changed_at: consent.changedAt, expires_at: firstExpiry(consent) }));
  await tx.query(
    `INSERT INTO consent_settings (user_id, revision, purposes, overrides, changed_at, expires_at)
     SELECT user_id, revision, purposes, overrides, changed_at, expires_at
     FROM jsonb_to_recordset($1::jsonb) AS c (user_id bigint, revision bigint, purposes jsonb, overrides jsonb, changed_at timestamptz, expires_at timestamptz)
     ON CONFLICT (user_id) DO UPDATE SET revision = excluded.revision, purposes = excluded.purposes, overrides = excluded.overrides,
       changed_at = excluded.changed_at, expires_at = excluded.expires_at
     WHERE consent_settings.revision < excluded.revision`,
    [JSON.stringify(rows)],
  );
}

/** People with a consent that is over by then, ids rising. */
export async function peopleWithExpired(source: Queryable, { by, after, limit }: { by: Date; after: number; limit: number }): Promise<number[]> {
  const sql = 'SELECT user_id FROM consent_settings WHERE expires_at <= $1 AND user_id > $2 ORDER BY user_id LIMIT $3';
  const { rows } = await source.query<{ user_id: string }>(sql, [by, after, limit]);
  return rows.map(({ user_id }) => Number(user_id));
}

/** V-8: what the other services are told. */
export function stateOf(userId: number, { revision, purposes, overrides, changedAt }: Consent, now: Date): ConsentStateInput {
  const statuses = Object.fromEntries(consentPurposes.map((purpose) => [purpose, purposes[purpose].status]));
  return { user_id: userId, revision, purposes: statuses, event_type_overrides: overrides, changed_at: changedAt ?? now };
}

/** Read back from the topic, which does not tell since when each of them is so: the time of the last change is the latest that it can be. */
export function consentFrom({ revision, purposes, event_type_overrides: overrides, changed_at }: ConsentStatePayload): Consent {
  const decisions = consentPurposes.map((purpose) => {
    const status = statusFrom(Object.hasOwn(purposes, purpose) ? purposes[purpose] : undefined);
    return [purpose, { status, since: status === 'pending' ? null : changed_at }];
  });
  const words = Object.entries(overrides).filter((word): word is [string, boolean] => typeof word[1] === 'boolean');
  return { revision, purposes: Object.fromEntries(decisions) as Consent['purposes'], overrides: Object.fromEntries(words), changedAt: changed_at };
}

const statuses: readonly ConsentStatus[] = ['pending', 'granted', 'denied', 'withdrawn', 'expired'];
const statusFrom = (value: unknown): ConsentStatus => statuses.find((status) => status === value) ?? 'pending';

function consentOf({ revision, purposes, overrides, changed_at }: SettingsRow): Consent {
  const decisions = consentPurposes.map((purpose) => {
    const { status, since } = purposes[purpose] ?? { status: 'pending', since: null };
    return [purpose, { status, since: since === null ? null : new Date(since) }];
  });
  return { revision: Number(revision), purposes: Object.fromEntries(decisions) as Consent['purposes'], overrides, changedAt: changed_at };
}
