import type { Queryable } from '@lifeos/postgres';
import { type QuestStatus, questStatuses } from '../quest/quest.js';

/** */
export interface QuestStatistics {
  readonly user_id: number;
  readonly created_30_days: number;
  readonly completed_30_days: number;
  /** Of the quests created in the last 30 days, the share that is completed; 0 when there are none. */
  readonly completion_rate: number;
  readonly by_status: Readonly<Record<QuestStatus, number>>;
}

export async function questStatisticsOf(db: Queryable, userId: number, now: Date): Promise<QuestStatistics> {
  const { rows } = await db.query<{ status: QuestStatus; total: number; created: number }>(
    `SELECT status, count(*)::int AS total, count(*) FILTER (WHERE created_at > $2::timestamptz - interval '30 days')::int AS created
     FROM quests WHERE user_id = $1 AND deleted_at IS NULL GROUP BY status`,
    [userId, now],
  );
  const created = rows.reduce((sum, row) => sum + row.created, 0);
  const completed = rows.find(({ status }) => status === 'completed')?.created ?? 0;
  const totals = new Map(rows.map(({ status, total }) => [status, total]));
  const by_status = Object.fromEntries(questStatuses.map((status) => [status, totals.get(status) ?? 0])) as Record<QuestStatus, number>;
  return { user_id: userId, created_30_days: created, completed_30_days: completed, completion_rate: created === 0 ? 0 : completed / created, by_status };
}
