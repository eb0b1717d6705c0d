import { QuestCompleted } from '@lifeos/contracts';
import type { HandlerContext } from '@lifeos/delivery';
import type { EventOf } from '@lifeos/events';
import { Handles } from '@lifeos/kafka';
import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { promptForQuest } from '../prompt/prompts.js';
import { suggestPrompts } from '../prompt/suggesting.js';
import { titlesOf } from '../read-models/quest-titles.js';

/** J-7. */
@Controller()
export class SuggestPromptWhenQuestCompleted {
  @Handles(QuestCompleted, { name: 'suggest-prompt-when-quest-completed', versions: '^1.0.0', from: 'beginning', batch: true })
  async handle(@Payload() events: readonly EventOf<typeof QuestCompleted>[], @Ctx() context: HandlerContext): Promise<void> {
    const titles = await titlesOf(context.tx, events.map(({ payload }) => payload.quest_id));
    const suggestions = events.flatMap((event) => {
      const prompt = promptForQuest(event.payload.quest_type, titles.get(event.payload.quest_id));
      return prompt ? [{ cause: event, userId: event.payload.user_id, prompt }] : [];
    });
    await suggestPrompts(context, suggestions);
  }
}
