import { QuestCompleted } from '@lifeos/contracts';
import type { HandlerContext } from '@lifeos/delivery';
import type { EventOf } from '@lifeos/events';
import { Handles } from '@lifeos/kafka';
import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { countQuests } from '../read-models/productivity.js';
import { dayOf } from '../series/days.js';
import { addToSums } from '../series/series-store.js';

@Controller()
export class CountQuestWhenQuestCompleted {
  @Handles(QuestCompleted, { name: 'count-quest-when-quest-completed', versions: '^1.0.0', from: 'beginning', batch: true })
  async handle(@Payload() events: readonly EventOf<typeof QuestCompleted>[], @Ctx() { tx }: HandlerContext): Promise<void> {
    const done = events.map(({ payload, timestamp: at }) => ({ userId: payload.user_id, day: dayOf(at), at }));
    await countQuests(tx, done.map(({ userId, day }) => ({ userId, day, created: 0, completed: 1 })));
    await addToSums(tx, done.map((completion) => ({ ...completion, series: 'quest_completions', value: 1 })));
  }
}
