import { SkillMasteryAchieved } from '@lifeos/contracts';
import type { HandlerContext } from '@lifeos/delivery';
import type { EventOf } from '@lifeos/events';
import { Handles } from '@lifeos/kafka';
import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { recogniseGrowth } from '../achievement/recognition.js';
import { masteryRank } from '../achievement/user-context.js';

@Controller()
export class JudgeMasteryWhenSkillMasteryAchieved {
  @Handles(SkillMasteryAchieved, { name: 'judge-mastery-when-skill-mastery-achieved', versions: '^1.0.0', from: 'beginning', batch: true })
  async handle(@Payload() events: readonly EventOf<typeof SkillMasteryAchieved>[], @Ctx() context: HandlerContext): Promise<void> {
    await recogniseGrowth(
      context,
      events.map((event) => ({ cause: event, userId: event.payload.user_id, growth: { reach: { highest_mastery: masteryRank(event.payload.mastery_level) } } })),
    );
  }
}
