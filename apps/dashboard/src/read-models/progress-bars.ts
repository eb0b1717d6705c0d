import { AchievementProgressUpdated } from '@lifeos/contracts';
import type { HandlerContext } from '@lifeos/delivery';
import type { EventOf } from '@lifeos/events';
import { Handles } from '@lifeos/kafka';
import type { Queryable } from '@lifeos/postgres';
import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { listOf } from './rows.js';

/** D-7: how near an achievement is. */
export interface ProgressBar {
  readonly achievement_id: number;
  readonly name: string;
  readonly current_progress: number;
  readonly required_progress: number;
  /** 0 … 100. */
  readonly percentage: number;
}

const shown = 20;

/** Not yet unlocked ones, nearest first, at most 20. */
export const progressBars = `SELECT achievement_id, name, current_progress, required_progress, percentage FROM achievement_progress AS p
  WHERE user_id = $1 AND current_progress < required_progress
    AND NOT EXISTS (SELECT FROM achievements AS a WHERE a.user_id = p.user_id AND a.achievement_id = p.achievement_id)
  ORDER BY percentage DESC, achievement_id LIMIT ${shown}`;

export function progressBarsOf(source: Queryable, userId: number): Promise<ProgressBar[]> {
  return listOf(source, progressBars, userId);
}

@Controller()
export class ProgressBars {
  @Handles(AchievementProgressUpdated, { name: 'show-progress-when-achievement-progress-updated', versions: '^1.0.0', from: 'beginning', batch: true })
  async updated(@Payload() events: readonly EventOf<typeof AchievementProgressUpdated>[], @Ctx() { tx }: HandlerContext): Promise<void> {
    const sql = `INSERT INTO achievement_progress (user_id, achievement_id, name, current_progress, required_progress, percentage)
      SELECT DISTINCT ON (user_id, achievement_id) user_id, achievement_id, achievement_name, current_progress, required_progress, progress_percentage
      FROM json_to_recordset($1::json) AS n(user_id bigint, achievement_id bigint, achievement_name text, current_progress bigint,
        required_progress bigint, progress_percentage float8, place int)
      ORDER BY user_id, achievement_id, place DESC
      ON CONFLICT (user_id, achievement_id) DO UPDATE SET name = excluded.name, current_progress = excluded.current_progress,
        required_progress = excluded.required_progress, percentage = excluded.percentage`;
    await tx.query(sql, [JSON.stringify(events.map(({ payload }, place) => ({ ...payload, place })))]);
  }
}
