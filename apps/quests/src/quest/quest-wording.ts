import type { AutoCompletionRule, Quest, QuestEvent } from './quest.js';

/** What a person may still change of a quest; what stays out of it decides about XP. */
export interface QuestWording {
  readonly title: string;
  readonly description: string;
  readonly start_date: string | null;
  readonly due_date: string | null;
  readonly parent_quest_id: number | null;
  readonly prerequisite_quest_ids: readonly number[];
  readonly chain_name: string | null;
  readonly auto_completion_rules: readonly AutoCompletionRule[];
}

/** The quest as it is worded now; others hear of title, due date and rules alone. */
export function rewordQuest({ user_id, quest_id }: Quest, wording: QuestWording): QuestEvent[] {
  const { title, due_date, auto_completion_rules, ...details } = wording;
  const rules = auto_completion_rules.map((rule) => ({ ...rule }));
  return [
    { name: 'QuestChanged', data: { user_id, quest_id, title, due_date, auto_completion_rules: rules, deleted: false } },
    { name: 'QuestDetailsRecorded', data: { user_id, quest_id, ...details, prerequisite_quest_ids: [...details.prerequisite_quest_ids] } },
  ];
}

/** The quest is gone, whatever its status; the event holds its last wording. */
export function deleteQuest({ user_id, quest_id }: Quest, { title, due_date, auto_completion_rules }: QuestWording): QuestEvent[] {
  const rules = auto_completion_rules.map((rule) => ({ ...rule }));
  return [{ name: 'QuestChanged', data: { user_id, quest_id, title, due_date, auto_completion_rules: rules, deleted: true } }];
}
