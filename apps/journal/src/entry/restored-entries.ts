import type { JournalEntryCreated, JournalEntryDeleted, JournalEntryUpdated } from '@lifeos/contracts';
import type { EventOf } from '@lifeos/events';
import type { Queryable } from '@lifeos/postgres';
import { emptied } from './entry-store.js';

/** What is there already stays as it is. */
export async function restoreEntries(tx: Queryable, created: readonly EventOf<typeof JournalEntryCreated>[]): Promise<void> {
  if (created.length === 0) return;
  await tx.query(
    `INSERT INTO entries (entry_id, user_id, entry_type, title, word_count, mood, tags, created_at, updated_at)
     SELECT entry_id, user_id, entry_type, title, word_count, mood, ARRAY (SELECT json_array_elements_text(tags)), at, at
     FROM unnest($1::bigint[], $2::bigint[], $3::text[], $4::text[], $5::int[], $6::int[], $7::json[], $8::timestamptz[])
       AS e (entry_id, user_id, entry_type, title, word_count, mood, tags, at)
     ON CONFLICT (entry_id) DO NOTHING`,
    [
      created.map(({ payload }) => payload.entry_id),
      created.map(({ payload }) => payload.user_id),
      created.map(({ payload }) => payload.entry_type),
      created.map(({ payload }) => payload.title),
      created.map(({ payload }) => payload.word_count),
      created.map(({ payload }) => payload.mood_rating),
      created.map(({ payload }) => JSON.stringify(payload.tags)),
      created.map(({ timestamp }) => timestamp),
    ],
  );
}

/** Changes only entries without text: of the others the command itself has written the change. */
export async function restoreChanges(tx: Queryable, updated: readonly EventOf<typeof JournalEntryUpdated>[]): Promise<void> {
  const changes = new Map<number, { fields: Record<string, unknown>; at: Date }>();
  for (const { payload } of updated) {
    const before = changes.get(payload.entry_id)?.fields;
    changes.set(payload.entry_id, { fields: { ...before, ...payload.updated_fields }, at: payload.update_timestamp });
  }
  if (changes.size === 0) return;
  await tx.query(
    `UPDATE entries SET
       entry_type = coalesce(told.fields ->> 'entry_type', entry_type),
       title = coalesce(told.fields ->> 'title', title),
       mood = CASE WHEN told.fields ? 'mood_rating' THEN (told.fields ->> 'mood_rating')::int ELSE mood END,
       tags = CASE WHEN told.fields ? 'tags' THEN ARRAY (SELECT jsonb_array_elements_text(told.fields -> 'tags')) ELSE tags END,
       related_quest_id = CASE WHEN told.fields ? 'related_quest_id' THEN (told.fields ->> 'related_quest_id')::bigint ELSE related_quest_id END,
       related_achievement_id = CASE WHEN told.fields ? 'related_achievement_id' THEN (told.fields ->> 'related_achievement_id')::bigint ELSE related_achievement_id END,
       updated_at = told.at
     FROM unnest($1::bigint[], $2::jsonb[], $3::timestamptz[]) AS told (id, fields, at)
     WHERE entry_id = told.id AND content IS NULL AND deleted_at IS NULL`,
    [[...changes.keys()], [...changes.values()].map(({ fields }) => JSON.stringify(fields)), [...changes.values()].map(({ at }) => at)],
  );
}

export async function restoreDeletions(tx: Queryable, deleted: readonly EventOf<typeof JournalEntryDeleted>[]): Promise<void> {
  if (deleted.length === 0) return;
  await tx.query(
    `UPDATE entries SET ${emptied}, deleted_at = told.at FROM unnest($1::bigint[], $2::timestamptz[]) AS told (id, at)
     WHERE entry_id = told.id AND deleted_at IS NULL`,
    [deleted.map(({ payload }) => payload.entry_id), deleted.map(({ timestamp }) => timestamp)],
  );
}
