import { QuestCompleted } from '@lifeos/contracts';
import type { HandlerContext } from '@lifeos/delivery';
import type { EventOf } from '@lifeos/events';
import { Handles } from '@lifeos/kafka';
import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { addSamples } from '../read-models/series-points.js';

/** J-3. */
@Controller()
export class AddToSeriesWhenQuestCompleted {
  @Handles(QuestCompleted, { name: 'add-to-series-when-quest-completed', versions: '^1.0.0', from: 'beginning', batch: true })
  async handle(@Payload() events: readonly EventOf<typeof QuestCompleted>[], @Ctx() { tx }: HandlerContext): Promise<void> {
    await addSamples(
      tx,
      events.map(({ payload, timestamp }) => ({ userId: payload.user_id, at: timestamp, series: 'quest_completions', value: 1 })),
    );
  }
}
