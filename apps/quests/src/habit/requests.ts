import { bodyId, text } from '@lifeos/service';
import { z } from 'zod';
import { day } from '../quest/new-quest.js';
import { defaultExperience } from './habit.js';
import { frequencies } from './periods.js';

const fields = {
  name: text(1, 100),
  frequency: z.enum(frequencies),
  target_count: z.int().min(0).max(1000),
  experience_reward: z.int().min(0).max(10_000),
};

/** Body of POST /quests/habits (R-11, H-2). */
export const newHabitBody = z.strictObject({
  ...fields,
  user_id: bodyId,
  target_count: fields.target_count.default(1),
  experience_reward: fields.experience_reward.default(defaultExperience),
});

/** Body of PATCH /quests/habits/{habit_id}: what is left out stays. */
export const habitChangeBody = z.strictObject(fields).partial().refine((change) => Object.keys(change).length > 0, { error: 'names nothing to change' });

/** Body of POST /quests/habits/{habit_id}/complete; the day defaults to the person's today. */
export const completionBody = z.strictObject({
  completion_date: day.optional(),
  count: z.int().min(1).max(1000).default(1),
  notes: text(0, 2000).default(''),
});

export type NewHabit = z.infer<typeof newHabitBody>;
export type HabitChange = z.infer<typeof habitChangeBody>;
export type CompletionWish = z.infer<typeof completionBody>;
