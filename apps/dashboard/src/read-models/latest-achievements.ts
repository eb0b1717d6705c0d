import { AchievementUnlocked } from '@lifeos/contracts';
import type { HandlerContext } from '@lifeos/delivery';
import type { EventOf } from '@lifeos/events';
import { Handles } from '@lifeos/kafka';
import type { Queryable } from '@lifeos/postgres';
import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { isoTime, listOf } from './rows.js';

/** D-7: one of the last five achievements. */
export interface UnlockedAchievement {
  readonly achievement_id: number;
  readonly name: string;
  readonly tier: string;
  readonly unlocked_at: string;
}

export const latestAchievements = `SELECT achievement_id, name, tier, ${isoTime('unlocked_at')} AS unlocked_at FROM achievements WHERE user_id = $1
  ORDER BY achievements.unlocked_at DESC, achievement_id DESC LIMIT 5`;

export function latestAchievementsOf(source: Queryable, userId: number): Promise<UnlockedAchievement[]> {
  return listOf(source, latestAchievements, userId);
}

@Controller()
export class LatestAchievements {
  @Handles(AchievementUnlocked, { name: 'list-achievement-when-achievement-unlocked', versions: '^1.0.0', from: 'beginning', batch: true })
  async unlocked(@Payload() events: readonly EventOf<typeof AchievementUnlocked>[], @Ctx() { tx }: HandlerContext): Promise<void> {
    const sql = `INSERT INTO achievements (user_id, achievement_id, name, tier, unlocked_at)
      SELECT user_id, achievement_id, achievement_name, tier, unlock_timestamp
      FROM json_to_recordset($1::json) AS n(user_id bigint, achievement_id bigint, achievement_name text, tier text, unlock_timestamp timestamptz)
      ON CONFLICT (user_id, achievement_id) DO NOTHING`;
    await tx.query(sql, [JSON.stringify(events.map(({ payload }) => payload))]);
  }
}
