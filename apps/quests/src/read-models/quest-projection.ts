import type { QuestChangedInput, QuestCreatedInput } from '@lifeos/contracts';
import type { Queryable } from '@lifeos/postgres';
import type { QuestDetailsRecordedInput } from '../generated/index.js';
import type { QuestEvent, QuestStatus } from '../quest/quest.js';

/** Place of an event in its quest's stream, and its time. */
export interface EventPlace {
  readonly version: number;
  readonly at: Date;
}

/** Brings the table in line with one more event of a quest's log; in the transaction that appends it. */
export async function projectQuest(tx: Queryable, { name, data }: QuestEvent, place: EventPlace): Promise<void> {
  const { version } = place;
  switch (name) {
    case 'QuestCreated':
      return insertQuest(tx, data, place);
    case 'QuestDetailsRecorded':
      return addDetails(tx, data, version);
    case 'QuestStatusChanged':
      return setStatus(tx, data.quest_id, { version, status: data.new_status, completedAt: null, failedAt: null, reason: null });
    case 'QuestCompleted':
      return setStatus(tx, data.quest_id, { version, status: 'completed', completedAt: data.completion_timestamp, failedAt: null, reason: null });
    case 'QuestFailed':
      return setStatus(tx, data.quest_id, { version, status: 'failed', completedAt: null, failedAt: data.failure_timestamp, reason: data.failure_reason });
    case 'QuestChanged':
      return reword(tx, data, place);
  }
}

async function insertQuest(tx: Queryable, quest: QuestCreatedInput, { at, version }: EventPlace): Promise<void> {
  const { status = 'active', due_date = null, auto_completion_rules = [] } = quest;
  await tx.query(
    `INSERT INTO quests (quest_id, user_id, quest_type, title, difficulty, experience_reward, status, due_date, auto_completion_rules, created_at, stream_version)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
    [
      quest.quest_id, quest.user_id, quest.quest_type, quest.title, quest.difficulty, quest.experience_reward,
      status, due_date, JSON.stringify(auto_completion_rules), at, version,
    ],
  );
}

async function addDetails(tx: Queryable, details: QuestDetailsRecordedInput, version: number): Promise<void> {
  const { quest_id, description, start_date = null, parent_quest_id = null, prerequisite_quest_ids = [], chain_name = null } = details;
  await tx.query(
    `UPDATE quests SET description = $2, start_date = $3, parent_quest_id = $4, prerequisite_quest_ids = $5, chain_name = $6, stream_version = $7
     WHERE quest_id = $1`,
    [quest_id, description, start_date, parent_quest_id, prerequisite_quest_ids, chain_name, version],
  );
}

interface StatusRow {
  readonly version: number;
  readonly status: QuestStatus;
  readonly completedAt: Date | null;
  readonly failedAt: Date | null;
  readonly reason: string | null;
}

async function setStatus(tx: Queryable, questId: number, { version, status, completedAt, failedAt, reason }: StatusRow): Promise<void> {
  await tx.query('UPDATE quests SET status = $2, completed_at = $3, failed_at = $4, failure_reason = $5, stream_version = $6 WHERE quest_id = $1', [
    questId, status, completedAt, failedAt, reason, version,
  ]);
}

async function reword(tx: Queryable, { quest_id, title, due_date = null, auto_completion_rules, deleted }: QuestChangedInput, { at, version }: EventPlace): Promise<void> {
  await tx.query('UPDATE quests SET title = $2, due_date = $3, auto_completion_rules = $4, deleted_at = $5, stream_version = $6 WHERE quest_id = $1', [
    quest_id, title, due_date, JSON.stringify(auto_completion_rules), deleted ? at : null, version,
  ]);
}
