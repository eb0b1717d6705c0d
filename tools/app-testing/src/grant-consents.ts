import type { Queryable } from '@lifeos/postgres';
import type { ConsentPurpose } from '@lifeos/service';

/** Puts consents of a person where the service looks for them, as if the consents topic had told of them. */
export async function grantConsents(db: Queryable, userId: number, purposes: readonly ConsentPurpose[], overrides: Readonly<Record<string, boolean>> = {}): Promise<void> {
  await db.query(
    `INSERT INTO consents (user_id, revision, purposes, overrides, changed_at) VALUES ($1, 1, $2, $3, now())
     ON CONFLICT (user_id) DO UPDATE SET revision = consents.revision + 1, purposes = EXCLUDED.purposes, overrides = EXCLUDED.overrides, changed_at = now()`,
    [userId, JSON.stringify(Object.fromEntries(purposes.map((purpose) => [purpose, 'granted']))), JSON.stringify(overrides)],
  );
}
