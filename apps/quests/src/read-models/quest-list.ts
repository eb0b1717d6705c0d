import type { QuestCreatedInput } from '@lifeos/contracts';
import type { Queryable } from '@lifeos/postgres';
import type { QuestDetailsRecordedInput } from '../generated/index.js';
import type { AutoCompletionRule, Difficulty, QuestEvent, QuestStatus, QuestType } from '../quest/quest.js';

/** Brings the table in line with one more event of a quest's log; in the transaction that appends it. */
export async function projectQuest(tx: Queryable, { name, data }: QuestEvent, at: Date): Promise<void> {
  switch (name) {
    case 'QuestCreated':
      return insertQuest(tx, data, at);
    case 'QuestDetailsRecorded':
      return addDetails(tx, data);
    case 'QuestStatusChanged':
      return setStatus(tx, data.quest_id, { status: data.new_status, completedAt: null, failedAt: null, reason: null });
    case 'QuestCompleted':
      return setStatus(tx, data.quest_id, { status: 'completed', completedAt: data.completion_timestamp, failedAt: null, reason: null });
    case 'QuestFailed':
      return setStatus(tx, data.quest_id, { status: 'failed', completedAt: null, failedAt: data.failure_timestamp, reason: data.failure_reason });
  }
}

async function insertQuest(tx: Queryable, quest: QuestCreatedInput, at: Date): Promise<void> {
  const { status = 'active', due_date = null, auto_completion_rules = [] } = quest;
  await tx.query(
    `INSERT INTO quests (quest_id, user_id, quest_type, title, difficulty, experience_reward, status, due_date, auto_completion_rules, created_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
    [
      quest.quest_id, quest.user_id, quest.quest_type, quest.title, quest.difficulty, quest.experience_reward,
      status, due_date, JSON.stringify(auto_completion_rules), at,
    ],
  );
}

async function addDetails(tx: Queryable, details: QuestDetailsRecordedInput): Promise<void> {
  const { quest_id, description, start_date = null, parent_quest_id = null, prerequisite_quest_ids = [], chain_name = null } = details;
  await tx.query(
    `UPDATE quests SET description = $2, start_date = $3, parent_quest_id = $4, prerequisite_quest_ids = $5, chain_name = $6
     WHERE quest_id = $1`,
    [quest_id, description, start_date, parent_quest_id, prerequisite_quest_ids, chain_name],
  );
}

interface StatusRow {
  readonly status: QuestStatus;
  readonly completedAt: Date | null;
  readonly failedAt: Date | null;
  readonly reason: string | null;
}

async function setStatus(tx: Queryable, questId: number, { status, completedAt, failedAt, reason }: StatusRow): Promise<void> {
  await tx.query('UPDATE quests SET status = $2, completed_at = $3, failed_at = $4, failure_reason = $5 WHERE quest_id = $1', [
    questId, status, completedAt, failedAt, reason,
  ]);
}

/** A quest as the API answers it. */
export interface QuestView {
  readonly quest_id: number;
  readonly user_id: number;
  readonly quest_type: QuestType;
  readonly title: string;
  readonly description: string;
  readonly difficulty: Difficulty;
  /** Base XP, before the factor of the difficulty. */
  readonly experience_reward: number;
  readonly status: QuestStatus;
  /** YYYY-MM-DD. */
  readonly start_date: string | null;
  readonly due_date: string | null;
  readonly parent_quest_id: number | null;
  readonly prerequisite_quest_ids: readonly number[];
  readonly chain_name: string | null;
  readonly auto_completion_rules: readonly AutoCompletionRule[];
  readonly created_at: Date;
  readonly completed_at: Date | null;
  readonly failed_at: Date | null;
  readonly failure_reason: string | null;
}

export interface QuestFilter {
  readonly type?: QuestType | undefined;
  readonly status?: QuestStatus | undefined;
}

/** A person's quests, oldest first. */
export async function questsOf(db: Queryable, userId: number, { type, status }: QuestFilter): Promise<QuestView[]> {
  return views(db, 'user_id = $1 AND quest_type = coalesce($2, quest_type) AND status = coalesce($3, status)', [
    userId, type ?? null, status ?? null,
  ]);
}

/** One quest; null when there is none. */
export async function questById(db: Queryable, questId: number): Promise<QuestView | null> {
  const [view] = await views(db, 'quest_id = $1', [questId]);
  return view ?? null;
}

/** Those of `questIds` that belong to a person, with their status. */
export async function statusesOf(db: Queryable, userId: number, questIds: readonly number[]): Promise<Map<number, QuestStatus>> {
  const { rows } = await db.query<{ quest_id: string; status: QuestStatus }>(
    'SELECT quest_id, status FROM quests WHERE user_id = $1 AND quest_id = ANY ($2::bigint[])',
    [userId, questIds],
  );
  return new Map(rows.map(({ quest_id, status }) => [Number(quest_id), status]));
}

// Ids are text to the driver and days would become instants.
type Row = Omit<QuestView, 'quest_id' | 'user_id' | 'parent_quest_id' | 'prerequisite_quest_ids'> & {
  readonly quest_id: string;
  readonly user_id: string;
  readonly parent_quest_id: string | null;
  readonly prerequisite_quest_ids: string[];
};

async function views(db: Queryable, condition: string, values: readonly unknown[]): Promise<QuestView[]> {
  const { rows } = await db.query<Row>(
    `SELECT quest_id, user_id, quest_type, title, description, difficulty, experience_reward, status,
       start_date::text, due_date::text, parent_quest_id, prerequisite_quest_ids, chain_name, auto_completion_rules,
       created_at, completed_at, failed_at, failure_reason
     FROM quests WHERE ${condition} ORDER BY quest_id`,
    values,
  );
  return rows.map((row) => ({
    ...row,
    quest_id: Number(row.quest_id),
    user_id: Number(row.user_id),
    parent_quest_id: row.parent_quest_id === null ? null : Number(row.parent_quest_id),
    prerequisite_quest_ids: row.prerequisite_quest_ids.map(Number),
  }));
}
