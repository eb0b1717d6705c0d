import { HabitStreakAchieved } from '@lifeos/contracts';
import type { HandlerContext } from '@lifeos/delivery';
import type { EventOf } from '@lifeos/events';
import { Handles } from '@lifeos/kafka';
import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { awardExperience } from '../experience/award-experience.js';

/** D-5. */
@Controller()
export class BookExperienceWhenHabitStreakAchieved {
  @Handles(HabitStreakAchieved, { name: 'book-experience-when-habit-streak-achieved', versions: '^1.0.0', from: 'beginning', batch: true })
  async handle(@Payload() events: readonly EventOf<typeof HabitStreakAchieved>[], @Ctx() context: HandlerContext): Promise<void> {
    const awards = events.map((cause) => {
      const { payload } = cause;
      const { user_id: userId, habit_id: sourceId, bonus_experience: amount } = payload;
      return { cause, userId, amount, sourceType: 'habit_streak' as const, sourceId, reason: `Streak of ${payload.streak_count}` };
    });
    await awardExperience(context, awards);
  }
}
