import { HabitStreakBroken } from '@lifeos/contracts';
import type { Queryable } from '@lifeos/postgres';
import { type DailyJob, type JobContext, localDay, type PeoplePage, timeZonesOf } from '@lifeos/service';
import { Injectable } from '@nestjs/common';
import { brokenBy } from './habit.js';
import { endRuns, loadRunningHabits } from './habit-store.js';
import { daysAfter } from './periods.js';

/** H-10: tells of runs whose next period passed unmet, once, and sets them to 0. */
@Injectable()
export class BreakMissedStreaks implements DailyJob {
  readonly name = 'break-missed-streaks';
  readonly hoursAfterDay = 12;

  async peopleAfter(db: Queryable, { day, after, limit }: PeoplePage): Promise<number[]> {
    const { rows } = await db.query<{ user_id: string }>(
      `SELECT DISTINCT user_id FROM habits
       WHERE current_streak > 0 AND deleted_at IS NULL AND last_completed < $1 AND user_id > $2 ORDER BY user_id LIMIT $3`,
      [day, after, limit],
    );
    return rows.map(({ user_id }) => Number(user_id));
  }

  async run({ tx, day, now, raise }: JobContext, userIds: readonly number[]): Promise<void> {
    const zones = await timeZonesOf(tx, userIds);
    const ended: number[] = [];
    for (const habit of await loadRunningHabits(tx, userIds)) {
      // Run early by command, a day may not be over yet where the person lives.
      const yesterday = daysAfter(localDay(now, zones.get(habit.user_id) ?? 'UTC'), -1);
      const broken = brokenBy(habit, day < yesterday ? day : yesterday);
      if (!broken) continue;
      const { habit_id, user_id, name: habit_name, last_completed } = habit;
      ended.push(habit_id);
      raise(HabitStreakBroken, { user_id, habit_id, habit_name, ...broken }, { fact: `${habit_id} ${String(last_completed)}` });
    }
    await endRuns(tx, ended);
  }
}
