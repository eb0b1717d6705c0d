import { LifeStatUpdated } from '@lifeos/contracts';
import type { HandlerContext } from '@lifeos/delivery';
import type { EventOf } from '@lifeos/events';
import { Handles } from '@lifeos/kafka';
import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { isoTime } from './rows.js';

/** D-8: a measured value as it stands. */
export interface LifeStat {
  readonly category: string;
  readonly subcategory: string;
  readonly value: number;
  readonly target: number | null;
  readonly unit: string;
  readonly source: string;
  readonly updated_at: string;
}

/** The last value of a day that has one. */
export interface LifeStatDay {
  readonly subcategory: string;
  readonly day: string;
  readonly value: number;
}

export const lifeStats = `SELECT category, subcategory, value, target, unit, source, ${isoTime('updated_at')} AS updated_at FROM life_stats
  WHERE user_id = $1 ORDER BY category, subcategory`;

/** One area, `$2`, from the day `$3` on. */
export const lifeStatDays = `SELECT subcategory, to_char(day, 'YYYY-MM-DD') AS day, value FROM life_stat_days
  WHERE user_id = $1 AND category = $2 AND life_stat_days.day >= $3::date ORDER BY subcategory, life_stat_days.day`;

@Controller()
export class LifeStats {
  @Handles(LifeStatUpdated, { name: 'show-stat-when-life-stat-updated', versions: '^1.0.0', from: 'beginning', batch: true })
  async updated(@Payload() events: readonly EventOf<typeof LifeStatUpdated>[], @Ctx() { tx }: HandlerContext): Promise<void> {
    const rows = JSON.stringify(events.map(({ payload, timestamp }, place) => ({ ...payload, at: timestamp, place })));
    const given = `json_to_recordset($1::json) AS n(user_id bigint, category text, subcategory text, new_value float8, target float8, unit text, source text, at timestamptz, place int)`;
    await tx.query(
      `INSERT INTO life_stats (user_id, category, subcategory, value, target, unit, source, updated_at)
       SELECT DISTINCT ON (user_id, category, subcategory) user_id, category, subcategory, new_value, target, unit, source, at FROM ${given}
       ORDER BY user_id, category, subcategory, place DESC
       ON CONFLICT (user_id, category, subcategory) DO UPDATE SET value = excluded.value, target = excluded.target, unit = excluded.unit,
         source = excluded.source, updated_at = excluded.updated_at`,
      [rows],
    );
    await tx.query(
      `INSERT INTO life_stat_days (user_id, category, subcategory, day, value)
       SELECT DISTINCT ON (user_id, category, subcategory, day) user_id, category, subcategory, (at AT TIME ZONE 'UTC')::date AS day, new_value FROM ${given}
       ORDER BY user_id, category, subcategory, day, place DESC
       ON CONFLICT (user_id, category, subcategory, day) DO UPDATE SET value = excluded.value`,
      [rows],
    );
  }
}
