import { HabitCompleted } from '@lifeos/contracts';
import type { HandlerContext } from '@lifeos/delivery';
import type { EventOf } from '@lifeos/events';
import { Handles } from '@lifeos/kafka';
import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { awardExperience } from '../experience/award-experience.js';

/** D-5. */
@Controller()
export class BookExperienceWhenHabitCompleted {
  @Handles(HabitCompleted, { name: 'book-experience-when-habit-completed', versions: '^1.0.0', from: 'beginning', batch: true })
  async handle(@Payload() events: readonly EventOf<typeof HabitCompleted>[], @Ctx() context: HandlerContext): Promise<void> {
    const awards = events.map((cause) => {
      const { payload } = cause;
      const { user_id: userId, habit_id: sourceId, experience_reward: amount } = payload;
      return { cause, userId, amount, sourceType: 'habit' as const, sourceId, reason: payload.habit_name ? `Habit kept up: ${payload.habit_name}` : 'Habit kept up' };
    });
    await awardExperience(context, awards);
  }
}
