import { HabitStreakAchieved } from '@lifeos/contracts';
import type { HandlerContext } from '@lifeos/delivery';
import type { EventOf } from '@lifeos/events';
import { Handles } from '@lifeos/kafka';
import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { streakNotice } from '../notices/notice.js';
import { storeNotices } from '../notices/notice-store.js';

/** D-6. */
@Controller()
export class NotifyWhenHabitStreakAchieved {
  @Handles(HabitStreakAchieved, { name: 'notify-when-habit-streak-achieved', versions: '^1.0.0', from: 'beginning', batch: true })
  async handle(@Payload() events: readonly EventOf<typeof HabitStreakAchieved>[], @Ctx() { tx }: HandlerContext): Promise<void> {
    await storeNotices(tx, events.map((cause) => ({ cause, userId: cause.payload.user_id, notice: streakNotice(cause.payload) })));
  }
}
