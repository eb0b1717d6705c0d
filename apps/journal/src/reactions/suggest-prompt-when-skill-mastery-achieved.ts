import { SkillMasteryAchieved } from '@lifeos/contracts';
import type { HandlerContext } from '@lifeos/delivery';
import type { EventOf } from '@lifeos/events';
import { Handles } from '@lifeos/kafka';
import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { promptForMastery } from '../prompt/prompts.js';
import { suggestPrompts } from '../prompt/suggesting.js';

/** J-7. */
@Controller()
export class SuggestPromptWhenSkillMasteryAchieved {
  @Handles(SkillMasteryAchieved, { name: 'suggest-prompt-when-skill-mastery-achieved', versions: '^1.0.0', from: 'beginning', batch: true })
  async handle(@Payload() events: readonly EventOf<typeof SkillMasteryAchieved>[], @Ctx() context: HandlerContext): Promise<void> {
    await suggestPrompts(
      context,
      events.map((event) => ({ cause: event, userId: event.payload.user_id, prompt: promptForMastery(event.payload.skill_name, event.payload.mastery_level) })),
    );
  }
}
