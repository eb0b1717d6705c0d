import { QuestChanged, QuestCompleted, QuestCreated, QuestFailed, QuestStatusChanged } from '@lifeos/contracts';
import type { HandlerContext } from '@lifeos/delivery';
import type { EventOf } from '@lifeos/events';
import { Handles } from '@lifeos/kafka';
import type { Queryable } from '@lifeos/postgres';
import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { listOf } from './rows.js';

/** D-7: the quests that a user works on, as home shows them. */
export interface ActiveQuest {
  readonly quest_id: number;
  readonly quest_type: string;
  readonly title: string;
  readonly difficulty: string;
  readonly due_date: string | null;
}

const shown = 50;

/** Soonest due first, at most 50. */
export const activeQuests = `SELECT quest_id, quest_type, title, difficulty, to_char(due_date, 'YYYY-MM-DD') AS due_date FROM quests
  WHERE user_id = $1 AND status = 'active' AND title IS NOT NULL ORDER BY quests.due_date NULLS LAST, quest_id LIMIT ${shown}`;

export function activeQuestsOf(source: Queryable, userId: number): Promise<ActiveQuest[]> {
  return listOf(source, activeQuests, userId);
}

/** Every handler commutes with the others: texts are filled in or replaced, of two statuses the newer fact stays. */
@Controller()
export class ActiveQuests {
  @Handles(QuestCreated, { name: 'list-quest-when-quest-created', versions: '^1.0.0', from: 'beginning', batch: true })
  async created(@Payload() events: readonly EventOf<typeof QuestCreated>[], @Ctx() { tx }: HandlerContext): Promise<void> {
    await storeStatuses(tx, events.map(({ payload, timestamp }) => ({ ...payload, at: timestamp })));
    const sql = `UPDATE quests SET quest_type = n.quest_type, difficulty = n.difficulty, title = coalesce(quests.title, n.title),
        due_date = CASE WHEN quests.title IS NULL THEN n.due_date ELSE quests.due_date END
      FROM json_to_recordset($1::json) AS n(quest_id bigint, quest_type text, difficulty text, title text, due_date date)
      WHERE quests.quest_id = n.quest_id`;
    await tx.query(sql, [JSON.stringify(events.map(({ payload }) => payload))]);
  }

  @Handles(QuestChanged, { name: 'list-quest-when-quest-changed', versions: '^1.0.0', from: 'beginning', batch: true })
  async changed(@Payload() events: readonly EventOf<typeof QuestChanged>[], @Ctx() { tx }: HandlerContext): Promise<void> {
    const sql = `INSERT INTO quests (quest_id, user_id, title, due_date, status_at)
      SELECT DISTINCT ON (quest_id) quest_id, user_id, title, due_date, '-infinity'::timestamptz
      FROM json_to_recordset($1::json) AS n(quest_id bigint, user_id bigint, title text, due_date date, place int) ORDER BY quest_id, place DESC
      ON CONFLICT (quest_id) DO UPDATE SET title = excluded.title, due_date = excluded.due_date`;
    await tx.query(sql, [JSON.stringify(events.map(({ payload }, place) => ({ ...payload, place })))]);
    const deleted = events.filter(({ payload }) => payload.deleted);
    await storeStatuses(tx, deleted.map(({ payload, timestamp }) => ({ ...payload, status: 'deleted', at: timestamp })));
  }

  @Handles(QuestStatusChanged, { name: 'list-quest-when-quest-status-changed', versions: '^1.0.0', from: 'beginning', batch: true })
  async statusChanged(@Payload() events: readonly EventOf<typeof QuestStatusChanged>[], @Ctx() { tx }: HandlerContext): Promise<void> {
    await storeStatuses(tx, events.map(({ payload }) => ({ ...payload, status: payload.new_status, at: payload.changed_at })));
  }

  @Handles(QuestCompleted, { name: 'list-quest-when-quest-completed', versions: '^1.0.0', from: 'beginning', batch: true })
  async completed(@Payload() events: readonly EventOf<typeof QuestCompleted>[], @Ctx() { tx }: HandlerContext): Promise<void> {
    await storeStatuses(tx, events.map(({ payload }) => ({ ...payload, status: 'completed', at: payload.completion_timestamp })));
  }

  @Handles(QuestFailed, { name: 'list-quest-when-quest-failed', versions: '^1.0.0', from: 'beginning', batch: true })
  async failed(@Payload() events: readonly EventOf<typeof QuestFailed>[], @Ctx() { tx }: HandlerContext): Promise<void> {
    await storeStatuses(tx, events.map(({ payload }) => ({ ...payload, status: 'failed', at: payload.failure_timestamp })));
  }
}

interface QuestStatus {
  readonly quest_id: number;
  readonly user_id: number;
  readonly status: string;
  readonly at: Date;
}

async function storeStatuses(tx: Queryable, statuses: readonly QuestStatus[]): Promise<void> {
  const rows = statuses.map(({ quest_id, user_id, status, at }, place) => ({ quest_id, user_id, status, at, place }));
  const sql = `INSERT INTO quests (quest_id, user_id, status, status_at)
    SELECT DISTINCT ON (quest_id) quest_id, user_id, status, at
    FROM json_to_recordset($1::json) AS n(quest_id bigint, user_id bigint, status text, at timestamptz, place int) ORDER BY quest_id, at DESC, place DESC
    ON CONFLICT (quest_id) DO UPDATE SET status = excluded.status, status_at = excluded.status_at
      WHERE quests.status_at <= excluded.status_at`;
  await tx.query(sql, [JSON.stringify(rows)]);
}
