import { AchievementUnlocked } from '@lifeos/contracts';
import type { HandlerContext } from '@lifeos/delivery';
import type { EventOf } from '@lifeos/events';
import { Handles } from '@lifeos/kafka';
import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { awardExperience } from '../experience/award-experience.js';

/** D-5. */
@Controller()
export class BookExperienceWhenAchievementUnlocked {
  @Handles(AchievementUnlocked, { name: 'book-experience-when-achievement-unlocked', versions: '^1.0.0', from: 'beginning', batch: true })
  async handle(@Payload() events: readonly EventOf<typeof AchievementUnlocked>[], @Ctx() context: HandlerContext): Promise<void> {
    const awards = events.map((cause) => {
      const { payload } = cause;
      const { user_id: userId, achievement_id: sourceId, experience_reward: amount } = payload;
      return { cause, userId, amount, sourceType: 'achievement' as const, sourceId, reason: `Achievement unlocked: ${payload.achievement_name}` };
    });
    await awardExperience(context, awards);
  }
}
