import { SkillLevelUp } from '@lifeos/contracts';
import type { HandlerContext } from '@lifeos/delivery';
import type { EventOf } from '@lifeos/events';
import { Handles } from '@lifeos/kafka';
import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { writeHistory } from '../history/stat-history.js';

/** S-18: a line of history, under the skill's id; no stat changes. */
@Controller()
export class RecordSkillLevelWhenSkillLevelUp {
  @Handles(SkillLevelUp, { name: 'record-skill-level-when-skill-level-up', versions: '^1.0.0', from: 'beginning', batch: true })
  async handle(@Payload() events: readonly EventOf<typeof SkillLevelUp>[], @Ctx() { tx }: HandlerContext): Promise<void> {
    await writeHistory(
      tx,
      events.map(({ eventId, timestamp, payload: { user_id, skill_id, previous_level, new_level } }) => {
        return { userId: user_id, type: 'skill', name: `skill.${skill_id}`, previous: previous_level, next: new_level, reason: 'skill_level_up', at: timestamp, eventId };
      }),
    );
  }
}
