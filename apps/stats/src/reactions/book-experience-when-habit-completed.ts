import { HabitCompleted } from '@lifeos/contracts';
import type { HandlerContext } from '@lifeos/delivery';
import type { EventOf } from '@lifeos/events';
import { Handles } from '@lifeos/kafka';
import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { statForHabit } from '../core-stats/core-stats.js';
import { bookExperience } from '../core-stats/experience-booking.js';

@Controller()
export class BookExperienceWhenHabitCompleted {
  @Handles(HabitCompleted, { name: 'book-experience-when-habit-completed', versions: '^1.0.0', from: 'beginning', batch: true })
  async handle(@Payload() events: readonly EventOf<typeof HabitCompleted>[], @Ctx() context: HandlerContext): Promise<void> {
    const gains = events.map((event) => {
      const { user_id: userId, experience_reward: amount } = event.payload;
      return { cause: event, userId, name: statForHabit, amount, source: 'habit' as const };
    });
    await bookExperience(context, gains);
  }
}
