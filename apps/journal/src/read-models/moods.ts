import type { Queryable } from '@lifeos/postgres';

/** The moods around an entry. */
export interface MoodsAround {
  readonly userId: number;
  /** When the entry was written. */
  readonly at: Date;
  readonly moods: { readonly at: Date; readonly mood: number }[];
}

/** Moods of the owner in the week before each of these entries and on its day, by entry id; entries that are gone are missing. */
export async function moodsAround(db: Queryable, entryIds: readonly number[]): Promise<Map<number, MoodsAround>> {
  if (entryIds.length === 0) return new Map();
  const { rows } = await db.query<{ entry_id: string; user_id: string; written: Date; at: Date; mood: number }>(
    `SELECT entry.entry_id, entry.user_id, entry.created_at AS written, near.created_at AS at, near.mood
     FROM entries AS entry JOIN entries AS near ON near.user_id = entry.user_id
       AND near.created_at > entry.created_at - interval '7 days' AND near.created_at < entry.created_at + interval '1 day'
     WHERE entry.entry_id = ANY ($1::bigint[]) AND near.mood IS NOT NULL AND near.deleted_at IS NULL AND entry.deleted_at IS NULL`,
    [entryIds],
  );
  const around = new Map<number, MoodsAround>();
  for (const { entry_id, user_id, written, at, mood } of rows) {
    const known = around.get(Number(entry_id)) ?? { userId: Number(user_id), at: written, moods: [] };
    known.moods.push({ at, mood });
    around.set(Number(entry_id), known);
  }
  return around;
}
