import { SkillPracticed } from '@lifeos/contracts';
import type { HandlerContext } from '@lifeos/delivery';
import type { EventOf } from '@lifeos/events';
import { Handles } from '@lifeos/kafka';
import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';

/** Our own event, read back when the database was rebuilt: an id that was given is not given again. */
@Controller()
export class ReserveSkillIdWhenSkillPracticed {
  @Handles(SkillPracticed, { name: 'reserve-skill-id-when-skill-practiced', versions: '^1.0.0', from: 'beginning', batch: true })
  async handle(@Payload() events: readonly EventOf<typeof SkillPracticed>[], @Ctx() { tx }: HandlerContext): Promise<void> {
    const highest = Math.max(...events.map(({ payload }) => payload.skill_id));
    // Forward only: in everyday running the sequence is ahead, and commands at the same time draw from it.
    await tx.query(`SELECT setval('skill_ids', $1) FROM skill_ids WHERE last_value < $1 OR NOT is_called`, [highest]);
  }
}
