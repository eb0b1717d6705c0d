import type { Queryable } from '@lifeos/postgres';

export async function openProfiles(tx: Queryable, people: readonly { readonly userId: number; readonly registeredAt: Date }[]): Promise<void> {
  await tx.query(
    'INSERT INTO profiles (user_id, registered_at) SELECT * FROM unnest($1::bigint[], $2::timestamptz[]) ON CONFLICT DO NOTHING',
    [people.map(({ userId }) => userId), people.map(({ registeredAt }) => registeredAt)],
  );
}

/** When somebody signed up; null before it was heard of. */
export async function registeredAt(db: Queryable, userId: number): Promise<Date | null> {
  const { rows } = await db.query<{ registered_at: Date }>('SELECT registered_at FROM profiles WHERE user_id = $1', [userId]);
  return rows[0]?.registered_at ?? null;
}
