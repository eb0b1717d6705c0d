import { InsightGenerated, JournalEntryCreated, JournalEntryDeleted, JournalEntryUpdated, PatternDetected, ReflectionPromptSuggested } from '@lifeos/contracts';
import { dateOf, hour, inTime, moments, oneOf, told, whole, type Draw, type Happening } from './telling.js';

/** Entries that are written, changed and deleted, and what was found in them. */
export function journalStory(draw: Draw, user: number): Happening[] {
  const entries = moments(draw, whole(draw, 3, 4)).map((at, index) => entryLife(draw, { at, entry_id: user * 100 + index }));
  const [found = 0, understood = 0, asked = 0] = moments(draw, 3);
  const related_series = [oneOf(draw, 'mood', 'strength', 'health.physical'), 'habit_completions'];
  const findings = [
    told(found, PatternDetected, { pattern_id: user, pattern_type: oneOf(draw, 'behavioral', 'mood'), description: 'Mood and sleep go together.', confidence_score: 0.6, detection_timestamp: dateOf(found), related_series }),
    told(understood, InsightGenerated, { insight_id: user, insight_type: 'pattern', content: 'Sleep an hour more.', confidence_score: 0.8, source_entries: [], related_series }),
    told(asked, ReflectionPromptSuggested, { prompt_id: user, prompt_text: 'What went well?', prompt_category: 'general', trigger_event: 'UserRegistered' }),
  ];
  return inTime(...entries, findings);
}

function entryLife(draw: Draw, { at, entry_id }: { at: number; entry_id: number }): Happening[] {
  const mood_rating = oneOf(draw, null, 1, 2, 3, 4, 8);
  const written = told(at, JournalEntryCreated, { entry_id, entry_type: oneOf(draw, 'daily', 'weekly'), title: `Entry ${entry_id}`, word_count: whole(draw, 0, 400), mood_rating, tags: oneOf(draw, [], ['home', 'work']) });
  const [changed, deleted] = [at + whole(draw, 1, 40) * hour, at + 50 * hour];
  return [
    written,
    ...oneOf(draw, [], [told(changed, JournalEntryUpdated, { entry_id, updated_fields: { title: `Other ${entry_id}`, mood_rating: whole(draw, 1, 10) }, update_timestamp: dateOf(changed) })]),
    ...oneOf(draw, [], [], [told(deleted, JournalEntryDeleted, { entry_id })]),
  ];
}
