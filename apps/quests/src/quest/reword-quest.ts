import type { Queryable } from '@lifeos/postgres';
import { Invalid } from '@lifeos/service';
import { anyPrerequisiteOpen, refuseCircle } from './check-dependencies.js';
import type { QuestChange } from './new-quest.js';
import type { Quest, QuestEvent } from './quest.js';
import { type QuestWording, rewordQuest } from './quest-wording.js';

/** What a change of wording tells; nothing when all stays as it is. @throws Invalid when the whole would not fit together. */
export async function changeWording(tx: Queryable, quest: Quest, before: QuestWording, change: QuestChange): Promise<QuestEvent[]> {
  const wording = merged(before, change);
  if (wording.start_date !== null && wording.due_date !== null && wording.start_date > wording.due_date) {
    throw new Invalid('The quest would start after it is due.', [{ field: 'start_date', message: 'must not be after due_date' }]);
  }
  if (JSON.stringify(wording) === JSON.stringify(merged(before, {}))) return [];
  if (change.prerequisite_quest_ids !== undefined || change.parent_quest_id !== undefined) {
    await anyPrerequisiteOpen(tx, quest.user_id, wording);
    await refuseCircle(tx, quest, wording);
  }
  return rewordQuest(quest, wording);
}

function merged(before: QuestWording, change: QuestChange): QuestWording {
  const { title, description, start_date, due_date, parent_quest_id, prerequisite_quest_ids, chain_name, auto_completion_rules } = before;
  const given = Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined));
  return { title, description, start_date, due_date, parent_quest_id, prerequisite_quest_ids, chain_name, auto_completion_rules, ...given };
}
