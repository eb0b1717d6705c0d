import { bodyId, pageFields, text } from '@lifeos/service';
import { z } from 'zod';
import { entryTypes, tagsFrom } from './entry.js';

const tag = text(1, 50);

const tags = z
  .union([z.string(), z.array(z.string('is not a text'))], { error: 'is neither a list of texts nor a comma separated text' })
  .transform(tagsFrom)
  .pipe(z.array(tag).max(20, 'has more than 20 tags'));

const fields = {
  entry_type: z.enum(entryTypes),
  title: text(1, 200),
  content: text(0, 100_000),
  mood: z.int('is not a whole number').min(1, 'is below 1').max(10, 'is above 10').nullable(),
  tags,
  related_quest_id: bodyId.nullable(),
  related_achievement_id: bodyId.nullable(),
};

/** Body of POST /journal/entries (R-17, J-1). */
export const newEntryBody = z.strictObject({
  ...fields,
  user_id: bodyId,
  mood: fields.mood.default(null),
  tags: tags.default([]),
  related_quest_id: fields.related_quest_id.default(null),
  related_achievement_id: fields.related_achievement_id.default(null),
});

/** Body of PUT /journal/entries/{entry_id}: what is left out stays. */
export const entryChangeBody = z.strictObject(fields).partial().refine((change) => Object.keys(change).length > 0, { error: 'names nothing to change' });

/** Query of GET /journal/entries/{user_id} (J-2). */
export const entryFilter = z.object({ type: z.enum(entryTypes).optional(), tag: tag.transform((value) => value.trim()).optional(), ...pageFields });

export type NewEntry = z.infer<typeof newEntryBody>;
export type EntryFilter = z.infer<typeof entryFilter>;
