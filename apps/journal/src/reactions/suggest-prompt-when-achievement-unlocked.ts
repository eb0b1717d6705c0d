import { AchievementUnlocked } from '@lifeos/contracts';
import type { HandlerContext } from '@lifeos/delivery';
import type { EventOf } from '@lifeos/events';
import { Handles } from '@lifeos/kafka';
import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { promptForAchievement } from '../prompt/prompts.js';
import { suggestPrompts } from '../prompt/suggesting.js';

@Controller()
export class SuggestPromptWhenAchievementUnlocked {
  @Handles(AchievementUnlocked, { name: 'suggest-prompt-when-achievement-unlocked', versions: '^1.0.0', from: 'beginning', batch: true })
  async handle(@Payload() events: readonly EventOf<typeof AchievementUnlocked>[], @Ctx() context: HandlerContext): Promise<void> {
    await suggestPrompts(
      context,
      events.map((event) => ({
        cause: event,
        userId: event.payload.user_id,
        prompt: promptForAchievement(event.payload.achievement_name),
      })),
    );
  }
}
