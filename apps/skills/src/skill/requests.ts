import { bodyId, text } from '@lifeos/service';
import { z } from 'zod';
import { categories, highestLevel } from './skill.js';

const prerequisite = z.strictObject({ skill_id: bodyId, level: z.int().min(1).max(highestLevel) });

/** Body of POST /skills (R-13, K-1, K-7). */
export const newSkillBody = z.strictObject({
  user_id: bodyId,
  name: text(1, 100),
  category: z.enum(categories),
  description: text(0, 1000).default(''),
  prerequisites: z
    .array(prerequisite)
    .max(20)
    .refine((list) => new Set(list.map(({ skill_id }) => skill_id)).size === list.length, { error: 'must not name a skill twice' })
    .default([]),
});

/** Body of PATCH /skills/{skill_id}: what is left out stays. */
export const skillChangeBody = z
  .strictObject({ name: text(1, 100), description: text(0, 1000) })
  .partial()
  .refine((change) => Object.keys(change).length > 0, { error: 'names nothing to change' });

/** Body of POST /skills/{skill_id}/practice; at most a day. */
export const practiceBody = z.strictObject({ minutes: z.int().min(1).max(1440) });

export type NewSkill = z.infer<typeof newSkillBody>;
export type SkillChange = z.infer<typeof skillChangeBody>;
