import type { Queryable } from '@lifeos/postgres';
import type { Dependencies } from '../quest/dependencies.js';

export interface OpenedChild {
  readonly quest_id: number;
  readonly chain_name: string | null;
}

/** Drafts that follow or require this quest and wait for nothing more; a deleted prerequisite is not waited for. */
export async function openedChildren(tx: Queryable, userId: number, questId: number): Promise<OpenedChild[]> {
  const { rows } = await tx.query<{ quest_id: string; chain_name: string | null }>(
    `SELECT quest_id, chain_name FROM quests child
     WHERE user_id = $1 AND status = 'draft' AND deleted_at IS NULL AND (parent_quest_id = $2 OR $2 = ANY (prerequisite_quest_ids))
       AND NOT EXISTS (
         SELECT FROM quests p
         WHERE p.quest_id = ANY (child.prerequisite_quest_ids) AND p.status <> 'completed' AND p.deleted_at IS NULL
       )
     ORDER BY quest_id`,
    [userId, questId],
  );
  return rows.map((row) => ({ ...row, quest_id: Number(row.quest_id) }));
}

export async function activeQuests(db: Queryable, userId: number): Promise<number> {
  const { rows } = await db.query<{ count: string }>(`SELECT count(*) FROM quests WHERE user_id = $1 AND status = 'active' AND deleted_at IS NULL`, [userId]);
  return Number(rows[0]?.count);
}

/** What each quest of a person waits for or follows; those without are left out. */
export async function dependenciesOf(db: Queryable, userId: number): Promise<Map<number, Dependencies>> {
  const { rows } = await db.query<{ quest_id: string; parent_quest_id: string | null; prerequisite_quest_ids: string[] }>(
    `SELECT quest_id, parent_quest_id, prerequisite_quest_ids FROM quests
     WHERE user_id = $1 AND deleted_at IS NULL AND (parent_quest_id IS NOT NULL OR prerequisite_quest_ids <> '{}')`,
    [userId],
  );
  return new Map(
    rows.map((row) => [
      Number(row.quest_id),
      { parent_quest_id: row.parent_quest_id === null ? null : Number(row.parent_quest_id), prerequisite_quest_ids: row.prerequisite_quest_ids.map(Number) },
    ]),
  );
}
