import type { Queryable } from '@lifeos/postgres';
import { drawIds } from '../read-models/own-ids.js';
import { type Entry, wordCount } from './entry.js';
import type { EntryFilter, NewEntry } from './requests.js';

/** An entry as the API answers it. */
export interface StoredEntry extends Entry {
  readonly entry_id: number;
  readonly user_id: number;
  readonly word_count: number;
  /** Null when the entry belongs to no quest, or to one that was not heard of. */
  readonly related_quest_title: string | null;
  readonly created_at: Date;
  readonly updated_at: Date;
}

/** Under the owner's key lock, as everything that writes here. Returns the new id. */
export async function insertEntry(tx: Queryable, entry: NewEntry, at: Date): Promise<number> {
  const [entryId = 0] = await drawIds(tx, 'entry_ids', 1);
  await tx.query(
    `INSERT INTO entries (entry_id, user_id, entry_type, title, content, word_count, mood, tags, related_quest_id, related_achievement_id, created_at, updated_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $11)`,
    [
      ...[entryId, entry.user_id, entry.entry_type, entry.title, entry.content, wordCount(entry.content)],
      ...[entry.mood, entry.tags, entry.related_quest_id, entry.related_achievement_id, at],
    ],
  );
  return entryId;
}

export async function saveEntry(tx: Queryable, entryId: number, entry: Entry, at: Date): Promise<void> {
  await tx.query(
    `UPDATE entries SET entry_type = $2, title = $3, content = $4, word_count = coalesce($5, word_count), mood = $6, tags = $7,
       related_quest_id = $8, related_achievement_id = $9, updated_at = $10
     WHERE entry_id = $1`,
    [
      ...[entryId, entry.entry_type, entry.title, entry.content, entry.content === null ? null : wordCount(entry.content)],
      ...[entry.mood, entry.tags, entry.related_quest_id, entry.related_achievement_id, at],
    ],
  );
}

/** What an emptied row keeps. */
export const emptied = `title = '', content = NULL, word_count = 0, mood = NULL, tags = '{}', related_quest_id = NULL, related_achievement_id = NULL`;

export async function deleteEntry(tx: Queryable, entryId: number, at: Date): Promise<void> {
  await tx.query(`UPDATE entries SET ${emptied}, deleted_at = $2 WHERE entry_id = $1`, [entryId, at]);
}

/** Null when there is none, or it was deleted. */
export async function loadEntry(db: Queryable, entryId: number): Promise<StoredEntry | null> {
  const [entry] = await load(db, 'entry_id = $1', [entryId]);
  return entry ?? null;
}

/** A person's entries, newest first (J-2). */
export async function entriesOf(db: Queryable, userId: number, { type, tag, limit, offset }: EntryFilter): Promise<StoredEntry[]> {
  return load(db, 'entries.user_id = $1 AND entry_type = coalesce($2, entry_type) AND ($3::text IS NULL OR $3 = ANY (tags))', [userId, type ?? null, tag ?? null], `LIMIT ${limit} OFFSET ${offset}`);
}

/** How many entries a person made from one instant up to another, deleted ones not counted. */
export async function entriesMadeWithin(db: Queryable, userId: number, from: Date, to: Date): Promise<number> {
  const { rows } = await db.query<{ made: number }>(
    'SELECT count(*)::int AS made FROM entries WHERE user_id = $1 AND created_at >= $2 AND created_at < $3 AND deleted_at IS NULL',
    [userId, from, to],
  );
  return rows[0]?.made ?? 0;
}

type Ids = 'entry_id' | 'user_id' | 'related_quest_id' | 'related_achievement_id';
type Row = Omit<StoredEntry, Ids> & { readonly [K in Ids]: string | null };

async function load(db: Queryable, condition: string, values: readonly unknown[], part = ''): Promise<StoredEntry[]> {
  const { rows } = await db.query<Row>(
    `SELECT entry_id, entries.user_id, entry_type, entries.title, content, word_count, mood, tags, related_quest_id, quest.title AS related_quest_title,
       related_achievement_id, created_at, updated_at
     FROM entries LEFT JOIN quest_titles quest ON quest.quest_id = related_quest_id AND quest.user_id = entries.user_id
     WHERE ${condition} AND deleted_at IS NULL ORDER BY created_at DESC, entry_id DESC ${part}`,
    values,
  );
  return rows.map((row) => ({
    ...row,
    entry_id: Number(row.entry_id),
    user_id: Number(row.user_id),
    related_quest_id: idOf(row.related_quest_id),
    related_achievement_id: idOf(row.related_achievement_id),
  }));
}

const idOf = (id: string | null): number | null => (id === null ? null : Number(id));
