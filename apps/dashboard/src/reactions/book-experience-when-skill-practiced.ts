import { SkillPracticed } from '@lifeos/contracts';
import type { HandlerContext } from '@lifeos/delivery';
import type { EventOf } from '@lifeos/events';
import { Handles } from '@lifeos/kafka';
import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { awardExperience } from '../experience/award-experience.js';

/** D-5. */
@Controller()
export class BookExperienceWhenSkillPracticed {
  @Handles(SkillPracticed, { name: 'book-experience-when-skill-practiced', versions: '^1.0.0', from: 'beginning', batch: true })
  async handle(@Payload() events: readonly EventOf<typeof SkillPracticed>[], @Ctx() context: HandlerContext): Promise<void> {
    const awards = events.map((cause) => {
      const { payload } = cause;
      const { user_id: userId, skill_id: sourceId, experience_gained: amount } = payload;
      return { cause, userId, amount, sourceType: 'skill' as const, sourceId, reason: payload.skill_name ? `Skill practised: ${payload.skill_name}` : 'Skill practised' };
    });
    await awardExperience(context, awards);
  }
}
