import type { Queryable } from '@lifeos/postgres';
import type { LetterRow } from '../letter-rows.js';
import { whereOf, type LetterFilter } from './letter-filter.js';

/** A page of letters by id, the order in which they were parked. */
export async function readLetters(db: Queryable, filter: LetterFilter, page: { after: string; limit: number }): Promise<LetterRow[]> {
  const { where, values } = whereOf(filter, [page.after, page.limit]);
  const { rows } = await db.query<LetterRow>(`SELECT * FROM dead_letters WHERE id > $1 AND ${where} ORDER BY id LIMIT $2`, values);
  return rows;
}

export async function readLetterById(db: Queryable, id: string): Promise<LetterRow | null> {
  const [row] = await readLetters(db, { id }, { after: '0', limit: 1 });
  return row ?? null;
}

/** The head of the letter's queue: the letter itself, when nothing is before it. */
export async function readHeadId(db: Queryable, { handler, topic, key, id }: LetterRow): Promise<string> {
  if (key === null) return id;
  const { rows } = await db.query<{ id: string }>('SELECT id FROM dead_letters WHERE NOT is_follower AND topic = $1 AND key = $2 AND handler = $3', [topic, key, handler]);
  return rows[0]?.id ?? id;
}

/** The keys that whoever changes these letters locks first. */
export function lockKeysOf(letters: readonly { key: string | null; id: string }[]): string[] {
  return letters.map(({ key, id }) => key ?? `dead letter ${id}`);
}
