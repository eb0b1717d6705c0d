import { HabitStreakBroken } from '@lifeos/contracts';
import type { HandlerContext } from '@lifeos/delivery';
import type { EventOf } from '@lifeos/events';
import { Handles } from '@lifeos/kafka';
import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { promptForBrokenStreak } from '../prompt/prompts.js';
import { suggestPrompts } from '../prompt/suggesting.js';

/** J-7. */
@Controller()
export class SuggestPromptWhenHabitStreakBroken {
  @Handles(HabitStreakBroken, { name: 'suggest-prompt-when-habit-streak-broken', versions: '^1.0.0', from: 'beginning', batch: true })
  async handle(@Payload() events: readonly EventOf<typeof HabitStreakBroken>[], @Ctx() context: HandlerContext): Promise<void> {
    await suggestPrompts(
      context,
      events.map((event) => ({ cause: event, userId: event.payload.user_id, prompt: promptForBrokenStreak(event.payload.habit_name) })),
    );
  }
}
