import { bodyId as id, text } from '@lifeos/service';
import { z } from 'zod';
import { defaultExperience, difficulties, type NewQuest, questTypes } from './quest.js';

// Year 0 passes as ISO 8601 but is no date in PostgreSQL.
export const day = z.iso.date().refine((value) => !value.startsWith('0000'), { error: 'must be a day from year 1 on' });

const autoCompletionRule = z.strictObject({
  source: text(1, 50),
  metric: text(1, 100),
  operator: z.enum(['>=', '>', '==', '<=', '<']),
  threshold: z.number(),
});

const fields = {
  title: text(1, 200),
  description: text(0, 2000),
  start_date: day.nullable(),
  due_date: day.nullable(),
  parent_quest_id: id.nullable(),
  prerequisite_quest_ids: z
    .array(id)
    .max(100)
    .refine((ids) => new Set(ids).size === ids.length, { error: 'must not name a quest twice' }),
  chain_name: text(1, 200).nullable(),
  auto_completion_rules: z.array(autoCompletionRule).max(20),
};

/** Body of PATCH /quests/{quest_id}: what is left out stays. */
export const questChangeBody = z.strictObject(fields).partial().refine((change) => Object.keys(change).length > 0, { error: 'names nothing to change' });
export type QuestChange = z.infer<typeof questChangeBody>;

/** Body of POST /quests, checked by; every fault is named at once. */
export const newQuestBody = z
  .strictObject({
    user_id: id,
    title: fields.title,
    description: fields.description.default(''),
    quest_type: z.enum(questTypes),
    difficulty: z.enum(difficulties).default('easy'),
    experience_reward: z.int().min(0).max(10_000).optional(),
    start_date: fields.start_date.default(null),
    due_date: fields.due_date.default(null),
    parent_quest_id: fields.parent_quest_id.default(null),
    prerequisite_quest_ids: fields.prerequisite_quest_ids.default([]),
    chain_name: fields.chain_name.default(null),
    auto_completion_rules: fields.auto_completion_rules.default([]),
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
