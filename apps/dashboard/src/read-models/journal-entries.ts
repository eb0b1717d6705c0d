import { JournalEntryCreated, JournalEntryDeleted, JournalEntryUpdated } from '@lifeos/contracts';
import type { HandlerContext } from '@lifeos/delivery';
import type { EventOf } from '@lifeos/events';
import { Handles } from '@lifeos/kafka';
import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { isoTime } from './rows.js';

/** D-7: one of the last five journal entries; their text stays in journal. */
export interface JournalEntry {
  readonly entry_id: number;
  readonly entry_type: string;
  readonly title: string;
  readonly mood: number | null;
  readonly tags: readonly string[];
  readonly created_at: string;
}

export const latestEntries = `SELECT entry_id, details ->> 'entry_type' AS entry_type, details ->> 'title' AS title, details -> 'mood' AS mood,
    details -> 'tags' AS tags, ${isoTime('created_at')} AS created_at FROM journal_entries
  WHERE user_id = $1 AND NOT deleted AND created_at IS NOT NULL ORDER BY journal_entries.created_at DESC, entry_id DESC LIMIT 5`;

/** What a change of an entry may bring that the list shows. */
const shownFields = ['entry_type', 'title', 'mood', 'tags'];

/** Handlers commute: a change stands above what the creation said, and what is deleted stays deleted. */
@Controller()
export class JournalEntries {
  @Handles(JournalEntryCreated, { name: 'list-entry-when-journal-entry-created', versions: '^1.0.0', from: 'beginning', batch: true })
  async created(@Payload() events: readonly EventOf<typeof JournalEntryCreated>[], @Ctx() { tx }: HandlerContext): Promise<void> {
    const rows = events.map(({ payload, timestamp }) => {
      const { user_id, entry_id, entry_type, title, mood_rating: mood, tags } = payload;
      return { user_id, entry_id, at: timestamp, details: { entry_type, title, mood, tags } };
    });
    const sql = `INSERT INTO journal_entries (entry_id, user_id, created_at, details)
      SELECT DISTINCT ON (entry_id) entry_id, user_id, at, details FROM json_to_recordset($1::json) AS n(entry_id bigint, user_id bigint, at timestamptz, details jsonb)
      ON CONFLICT (entry_id) DO UPDATE SET created_at = excluded.created_at, details = excluded.details || journal_entries.details`;
    await tx.query(sql, [JSON.stringify(rows)]);
  }

  @Handles(JournalEntryUpdated, { name: 'list-entry-when-journal-entry-updated', versions: '^1.0.0', from: 'beginning', batch: true })
  async updated(@Payload() events: readonly EventOf<typeof JournalEntryUpdated>[], @Ctx() { tx }: HandlerContext): Promise<void> {
    const merged = new Map<number, { entry_id: number; user_id: number; details: Record<string, unknown> }>();
    for (const { payload } of events) {
      const { entry_id, user_id, updated_fields } = payload;
      merged.set(entry_id, { entry_id, user_id, details: { ...merged.get(entry_id)?.details, ...shownOf(updated_fields) } });
    }
    const sql = `INSERT INTO journal_entries (entry_id, user_id, details)
      SELECT entry_id, user_id, details FROM json_to_recordset($1::json) AS n(entry_id bigint, user_id bigint, details jsonb)
      ON CONFLICT (entry_id) DO UPDATE SET details = journal_entries.details || excluded.details`;
    await tx.query(sql, [JSON.stringify([...merged.values()])]);
  }

  @Handles(JournalEntryDeleted, { name: 'unlist-entry-when-journal-entry-deleted', versions: '^1.0.0', from: 'beginning', batch: true })
  async deleted(@Payload() events: readonly EventOf<typeof JournalEntryDeleted>[], @Ctx() { tx }: HandlerContext): Promise<void> {
    const sql = `INSERT INTO journal_entries (entry_id, user_id, details, deleted)
      SELECT DISTINCT entry_id, user_id, '{}'::jsonb, true FROM json_to_recordset($1::json) AS n(entry_id bigint, user_id bigint)
      ON CONFLICT (entry_id) DO UPDATE SET details = '{}', deleted = true`;
    await tx.query(sql, [JSON.stringify(events.map(({ payload }) => payload))]);
  }
}

/** Under the list's own names; the event calls the mood by its field in the entry or by that in E-24. */
function shownOf(fields: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const { mood_rating, ...others } = fields;
  const named = mood_rating === undefined ? others : { ...others, mood: mood_rating };
  return Object.fromEntries(Object.entries(named).filter(([field]) => shownFields.includes(field)));
}
