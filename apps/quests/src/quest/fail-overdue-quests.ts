import type { Queryable } from '@lifeos/postgres';
import { type DailyJob, type JobContext, localDay, type PeoplePage, timeZonesOf } from '@lifeos/service';
import { Injectable } from '@nestjs/common';
import { daysAfter } from '../habit/periods.js';
import { ofJob } from './origin.js';
import { failQuest } from './quest.js';
import { QuestFlow } from './quest-flow.js';
import { QuestStream } from './quest-stream.js';

const overdue = `quest_type IN ('daily', 'weekly') AND status NOT IN ('completed', 'failed') AND deleted_at IS NULL AND due_date <= $1`;

/** daily and weekly quests whose due date has passed fail by themselves; others are only marked. */
@Injectable()
export class FailOverdueQuests implements DailyJob {
  readonly name = 'fail-overdue-quests';
  readonly hoursAfterDay = 12;

  constructor(
    private readonly stream: QuestStream,
    private readonly flow: QuestFlow,
  ) {}

  async peopleAfter(db: Queryable, { day, after, limit }: PeoplePage): Promise<number[]> {
    const { rows } = await db.query<{ user_id: string }>(`SELECT DISTINCT user_id FROM quests WHERE ${overdue} AND user_id > $2 ORDER BY user_id LIMIT $3`, [day, after, limit]);
    return rows.map(({ user_id }) => Number(user_id));
  }

  async run(context: JobContext, userIds: readonly number[]): Promise<void> {
    const { tx, day, now } = context;
    const zones = await timeZonesOf(tx, userIds);
    const { rows } = await tx.query<{ quest_id: string; due_date: string }>(
      `SELECT quest_id, due_date::text FROM quests WHERE ${overdue} AND user_id = ANY ($2::bigint[]) ORDER BY quest_id`,
      [day, userIds],
    );
    for (const { quest_id, due_date } of rows) {
      const loaded = await this.stream.load(tx, Number(quest_id));
      if (!loaded) continue;
      // Run early by command, the day may not be over yet where the person lives.
      if (due_date > daysAfter(localDay(now, zones.get(loaded.quest.user_id) ?? 'UTC'), -1)) continue;
      await this.flow.append(tx, loaded, failQuest(loaded.quest, { at: now, reason: 'timeout' }), ofJob(context, String(loaded.version)));
    }
  }
}
