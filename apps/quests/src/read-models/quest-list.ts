import type { Queryable } from '@lifeos/postgres';
import type { Deadline } from '../quest/deadline.js';
import type { AutoCompletionRule, Difficulty, QuestStatus, QuestType } from '../quest/quest.js';

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

/** A quest as lists show it: with how it stands to its due date. */
export type ListedQuest = QuestView & Deadline;

/** A quest, and how its owner counts days. */
export type DatedQuest = QuestView & { readonly time_zone: string };

export interface QuestFilter {
  readonly type?: QuestType | undefined;
  readonly status?: QuestStatus | undefined;
  readonly limit: number;
  readonly offset: number;
}

/** A person's quests, oldest first. */
export async function questsOf(db: Queryable, userId: number, { type, status, limit, offset }: QuestFilter): Promise<DatedQuest[]> {
  return views(db, 'user_id = $1 AND quest_type = coalesce($2, quest_type) AND status = coalesce($3, status) AND deleted_at IS NULL', [
    userId, type ?? null, status ?? null,
  ], `LIMIT ${limit} OFFSET ${offset}`);
}

/** One quest; null when there is none, or it was deleted. */
export async function questById(db: Queryable, questId: number): Promise<DatedQuest | null> {
  const [view] = await views(db, 'quest_id = $1 AND deleted_at IS NULL', [questId]);
  return view ?? null;
}

/** Those of `questIds` that belong to a person, with their status. */
export async function statusesOf(db: Queryable, userId: number, questIds: readonly number[]): Promise<Map<number, QuestStatus>> {
  const { rows } = await db.query<{ quest_id: string; status: QuestStatus }>(
    'SELECT quest_id, status FROM quests WHERE user_id = $1 AND quest_id = ANY ($2::bigint[]) AND deleted_at IS NULL',
    [userId, questIds],
  );
  return new Map(rows.map(({ quest_id, status }) => [Number(quest_id), status]));
}

// Ids are text to the driver and days would become instants.
type Row = Omit<DatedQuest, 'quest_id' | 'user_id' | 'parent_quest_id' | 'prerequisite_quest_ids'> & {
  readonly quest_id: string;
  readonly user_id: string;
  readonly parent_quest_id: string | null;
  readonly prerequisite_quest_ids: string[];
};

async function views(db: Queryable, condition: string, values: readonly unknown[], part = ''): Promise<DatedQuest[]> {
  const { rows } = await db.query<Row>(
    `SELECT quest_id, user_id, quest_type, title, description, difficulty, experience_reward, status,
       start_date::text, due_date::text, parent_quest_id, prerequisite_quest_ids, chain_name, auto_completion_rules,
       created_at, completed_at, failed_at, failure_reason,
       coalesce((SELECT time_zone FROM time_zones WHERE time_zones.user_id = quests.user_id), 'UTC') AS time_zone
     FROM quests WHERE ${condition} ORDER BY quest_id ${part}`,
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
