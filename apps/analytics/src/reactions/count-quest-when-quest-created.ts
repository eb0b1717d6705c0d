import { QuestCreated } from '@lifeos/contracts';
import type { HandlerContext } from '@lifeos/delivery';
import type { EventOf } from '@lifeos/events';
import { Handles } from '@lifeos/kafka';
import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { countQuests } from '../read-models/productivity.js';
import { dayOf } from '../series/days.js';

@Controller()
export class CountQuestWhenQuestCreated {
  @Handles(QuestCreated, { name: 'count-quest-when-quest-created', versions: '^1.0.0', from: 'beginning', batch: true })
  async handle(@Payload() events: readonly EventOf<typeof QuestCreated>[], @Ctx() { tx }: HandlerContext): Promise<void> {
    // A draft is a suggestion, not a plan that one can fall behind.
    const begun = events.filter(({ payload }) => payload.status !== 'draft');
    await countQuests(tx, begun.map(({ payload, timestamp }) => ({ userId: payload.user_id, day: dayOf(timestamp), created: 1, completed: 0 })));
  }
}
