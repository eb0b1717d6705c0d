import { QuestCompleted } from '@lifeos/contracts';
import type { HandlerContext } from '@lifeos/delivery';
import type { EventOf } from '@lifeos/events';
import { Handles } from '@lifeos/kafka';
import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { statForQuest } from '../core-stats/core-stats.js';
import { bookExperience } from '../core-stats/experience-booking.js';

@Controller()
export class BookExperienceWhenQuestCompleted {
  @Handles(QuestCompleted, { name: 'book-experience-when-quest-completed', versions: '^1.0.0', from: 'beginning', batch: true })
  async handle(@Payload() events: readonly EventOf<typeof QuestCompleted>[], @Ctx() context: HandlerContext): Promise<void> {
    const gains = events.flatMap((event) => {
      const { user_id: userId, experience_reward: amount } = event.payload;
      const name = statForQuest(event.payload.quest_type);
      return name ? [{ cause: event, userId, name, amount, source: 'quest' as const }] : [];
    });
    await bookExperience(context, gains);
  }
}
