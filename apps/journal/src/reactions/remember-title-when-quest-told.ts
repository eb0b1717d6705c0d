import { QuestChanged, QuestCreated } from '@lifeos/contracts';
import type { HandlerContext } from '@lifeos/delivery';
import type { EventOf } from '@lifeos/events';
import { Handles } from '@lifeos/kafka';
import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { rememberTitles } from '../read-models/quest-titles.js';

/** J-3. One handler for both events, so that they keep their order. */
@Controller()
export class RememberTitleWhenQuestTold {
  @Handles([QuestCreated, QuestChanged], { name: 'remember-title-when-quest-told', versions: '^1.0.0', from: 'beginning', batch: true })
  async handle(@Payload() events: readonly (EventOf<typeof QuestCreated> | EventOf<typeof QuestChanged>)[], @Ctx() { tx }: HandlerContext): Promise<void> {
    await rememberTitles(
      tx,
      events.map(({ payload }) => ({ questId: payload.quest_id, userId: payload.user_id, title: 'deleted' in payload && payload.deleted ? null : payload.title })),
    );
  }
}
