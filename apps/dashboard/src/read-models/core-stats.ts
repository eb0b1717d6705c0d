import { CoreStatUpdated } from '@lifeos/contracts';
import type { HandlerContext } from '@lifeos/delivery';
import type { EventOf } from '@lifeos/events';
import { Handles } from '@lifeos/kafka';
import type { Queryable } from '@lifeos/postgres';
import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { listOf } from './rows.js';

/** S-1: every stat starts here; no event says so. */
const start = { strength: 10, endurance: 10, agility: 10, intelligence: 10, wisdom: 10, charisma: 10 };

export type CoreStats = Readonly<Record<string, number>>;

/** D-7: the six core stats. */
export const coreStats = 'SELECT stat_name, value FROM core_stats WHERE user_id = $1';

export interface CoreStat {
  readonly stat_name: string;
  readonly value: number;
}

export function allCoreStats(known: readonly CoreStat[]): CoreStats {
  return { ...start, ...Object.fromEntries(known.map(({ stat_name, value }) => [stat_name, value])) };
}

export async function coreStatsOf(source: Queryable, userId: number): Promise<CoreStats> {
  return allCoreStats(await listOf(source, coreStats, userId));
}

@Controller()
export class CoreStatsSnapshot {
  @Handles(CoreStatUpdated, { name: 'show-stat-when-core-stat-updated', versions: '^1.0.0', from: 'beginning', batch: true })
  async updated(@Payload() events: readonly EventOf<typeof CoreStatUpdated>[], @Ctx() { tx }: HandlerContext): Promise<void> {
    const sql = `INSERT INTO core_stats (user_id, stat_name, value, updated_at)
      SELECT DISTINCT ON (user_id, stat_name) user_id, stat_name, new_value, at
      FROM json_to_recordset($1::json) AS n(user_id bigint, stat_name text, new_value int, at timestamptz, place int)
      ORDER BY user_id, stat_name, place DESC
      ON CONFLICT (user_id, stat_name) DO UPDATE SET value = excluded.value, updated_at = excluded.updated_at`;
    await tx.query(sql, [JSON.stringify(events.map(({ payload, timestamp }, place) => ({ ...payload, at: timestamp, place })))]);
  }
}
