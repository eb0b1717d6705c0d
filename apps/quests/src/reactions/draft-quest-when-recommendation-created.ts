import { QuestCreated, RecommendationCreated } from '@lifeos/contracts';
import type { HandlerContext } from '@lifeos/delivery';
import { derivedEventId, type EventOf } from '@lifeos/events';
import { Handles } from '@lifeos/kafka';
import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { newQuestBody } from '../quest/new-quest.js';
import { ofEvent, type Origin } from '../quest/origin.js';
import { createQuest } from '../quest/quest.js';
import { QuestStream } from '../quest/quest-stream.js';

const longestTitle = 200;

/** a draft, which only the person activates. */
@Controller()
export class DraftQuestWhenRecommendationCreated {
  constructor(private readonly stream: QuestStream) {}

  @Handles(RecommendationCreated, { name: 'draft-quest-when-recommendation-created', versions: '^1.0.0', from: 'beginning', batch: true })
  async handle(@Payload() events: readonly EventOf<typeof RecommendationCreated>[], @Ctx() { tx }: HandlerContext): Promise<void> {
    for (const event of events) {
      const { user_id, action, recommendation_id } = event.payload;
      // The quest's id is new at each try, so the event's id follows from the recommendation alone.
      const eventId: Origin['eventId'] = (eventName) => derivedEventId({ context: 'quests', eventName, userId: user_id, fact: `recommendation ${recommendation_id}` });
      const { rowCount } = await tx.query('SELECT FROM event_log WHERE event_id = $1', [eventId(QuestCreated.name, { user_id, quest_id: 0 })]);
      if (rowCount > 0) continue;
      // The cut must not leave half a character.
      const title = action.slice(0, longestTitle).replace(/\p{Surrogate}$/u, '');
      const wish = newQuestBody.parse({ user_id, title, quest_type: 'side', difficulty: 'easy', status: 'draft' });
      const quest_id = await this.stream.nextId(tx);
      await this.stream.append(tx, null, createQuest({ quest_id, wish, prerequisitesOpen: false }), { ...ofEvent(event, event.timestamp), eventId });
    }
  }
}
