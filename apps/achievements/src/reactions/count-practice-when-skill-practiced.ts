import { SkillPracticed } from '@lifeos/contracts';
import type { HandlerContext } from '@lifeos/delivery';
import type { EventOf } from '@lifeos/events';
import { Handles } from '@lifeos/kafka';
import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { recogniseGrowth } from '../achievement/recognition.js';

@Controller()
export class CountPracticeWhenSkillPracticed {
  @Handles(SkillPracticed, { name: 'count-practice-when-skill-practiced', versions: '^1.0.0', from: 'beginning', batch: true })
  async handle(@Payload() events: readonly EventOf<typeof SkillPracticed>[], @Ctx() context: HandlerContext): Promise<void> {
    await recogniseGrowth(
      context,
      events.map((event) => ({ cause: event, userId: event.payload.user_id, growth: { add: { practice_sessions: 1, practice_minutes: event.payload.practice_duration } } })),
    );
  }
}
