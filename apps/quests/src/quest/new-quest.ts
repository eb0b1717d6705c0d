import { z } from 'zod';
import { defaultExperience, difficulties, type NewQuest, questTypes } from './quest.js';

// PostgreSQL text cannot hold NUL, so such a text is a fault of the body, not of the server.
const text = (max: number) =>
  z
    .string()
    .refine((value) => value.length <= max, { error: `must have at most ${max} characters` })
    .refine((value) => !value.includes('\0'), { error: 'must not contain the character NUL' });
const filledText = (max: number) => text(max).refine((value) => value.trim() !== '', { error: 'must not be blank' });

const id = z.int().positive();
// Year 0 passes as ISO 8601 but is no date in PostgreSQL.
const day = z.iso.date().refine((value) => !value.startsWith('0000'), { error: 'must be a day from year 1 on' });

const autoCompletionRule = z.strictObject({
  source: filledText(50),
  metric: filledText(100),
  operator: z.enum(['>=', '>', '==', '<=', '<']),
  threshold: z.number(),
});

/** Body of POST /quests, checked by; every fault is named at once. */
export const newQuestBody = z
  .strictObject({
    user_id: id,
    title: filledText(200),
    description: text(2000).default(''),
    quest_type: z.enum(questTypes),
    difficulty: z.enum(difficulties).default('easy'),
    experience_reward: z.int().min(0).max(10_000).optional(),
    start_date: day.nullable().default(null),
    due_date: day.nullable().default(null),
    parent_quest_id: id.nullable().default(null),
    prerequisite_quest_ids: z
      .array(id)
      .max(100)
      .refine((ids) => new Set(ids).size === ids.length, { error: 'must not name a quest twice' })
      .default([]),
    chain_name: filledText(200).nullable().default(null),
    auto_completion_rules: z.array(autoCompletionRule).max(20).default([]),
    status: z.enum(['draft', 'active']).default('active'),
  })
  .refine(({ start_date, due_date }) => !start_date || !due_date || start_date <= due_date, {
    error: 'must not be after due_date',
    path: ['start_date'],
    // Asked also when other fields are wrong, so that all faults are told at once.
    when: ({ value }) => datesOf.safeParse(value).success,
  })
  .transform(
    (body): NewQuest => ({ ...body, experience_reward: body.experience_reward ?? defaultExperience[body.quest_type] }),
  );

const datesOf = z.object({ start_date: day.nullish(), due_date: day.nullish() });
