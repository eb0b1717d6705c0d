import { SkillPracticed } from '@lifeos/contracts';
import type { HandlerContext } from '@lifeos/delivery';
import type { EventOf } from '@lifeos/events';
import { Handles } from '@lifeos/kafka';
import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { statForSkill } from '../core-stats/core-stats.js';
import { bookExperience } from '../core-stats/experience-booking.js';

@Controller()
export class BookExperienceWhenSkillPracticed {
  @Handles(SkillPracticed, { name: 'book-experience-when-skill-practiced', versions: '^1.0.0', from: 'beginning', batch: true })
  async handle(@Payload() events: readonly EventOf<typeof SkillPracticed>[], @Ctx() context: HandlerContext): Promise<void> {
    const gains = events.flatMap((event) => {
      const { user_id: userId, experience_gained: amount } = event.payload;
      const name = statForSkill(event.payload.category);
      return name ? [{ cause: event, userId, name, amount, source: 'skill' as const }] : [];
    });
    await bookExperience(context, gains);
  }
}
