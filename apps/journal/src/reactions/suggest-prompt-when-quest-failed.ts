import { QuestFailed } from '@lifeos/contracts';
import type { HandlerContext } from '@lifeos/delivery';
import type { EventOf } from '@lifeos/events';
import { Handles } from '@lifeos/kafka';
import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { promptForFailedQuest } from '../prompt/prompts.js';
import { suggestPrompts } from '../prompt/suggesting.js';
import { titlesOf } from '../read-models/quest-titles.js';

/** J-7. */
@Controller()
export class SuggestPromptWhenQuestFailed {
  @Handles(QuestFailed, { name: 'suggest-prompt-when-quest-failed', versions: '^1.0.0', from: 'beginning', batch: true })
  async handle(@Payload() events: readonly EventOf<typeof QuestFailed>[], @Ctx() context: HandlerContext): Promise<void> {
    const titles = await titlesOf(context.tx, events.map(({ payload }) => payload.quest_id));
    await suggestPrompts(
      context,
      events.map((event) => ({ cause: event, userId: event.payload.user_id, prompt: promptForFailedQuest(titles.get(event.payload.quest_id)) })),
    );
  }
}
