import { Controller, type Type } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { ExperienceAwarded, QuestCompleted, QuestFailed } from '@lifeos/contracts';
import type { HandlerContext } from '@lifeos/delivery';
import type { EventOf } from '@lifeos/events';
import { Handles } from '@lifeos/kafka';
import { book } from './experience.js';

/** Told after COMMIT of how many events took effect. */
export type Committed = (events: readonly EventOf<typeof QuestCompleted>[]) => void;

/** One call an event: its row, its event. */
export function bookOne(committed: Committed): Type {
  @Controller()
  class BookExperienceWhenQuestCompleted {
    @Handles(QuestCompleted, { name: 'book-experience', versions: '^1.0.0', from: 'beginning' })
    async handle(@Payload() event: EventOf<typeof QuestCompleted>, @Ctx() context: HandlerContext): Promise<void> {
      await book(context.tx, [event.payload]);
      award(event, context);
      context.tx.afterCommit(() => committed([event]));
    }
  }
  return BookExperienceWhenQuestCompleted;
}

/** One call a batch: all rows in one statement, an event each. */
export function bookBatch(committed: Committed): Type {
  @Controller()
  class BookExperienceWhenQuestsCompleted {
    @Handles(QuestCompleted, { name: 'book-experience', versions: '^1.0.0', from: 'beginning', batch: true })
    async handle(@Payload() events: readonly EventOf<typeof QuestCompleted>[], @Ctx() context: HandlerContext): Promise<void> {
      await book(context.tx, events.map(({ payload }) => payload));
      for (const event of events) award(event, context);
      context.tx.afterCommit(() => committed(events));
    }
  }
  return BookExperienceWhenQuestsCompleted;
}

/** A read model: rows and no events. */
export function projectBatch(committed: Committed): Type {
  @Controller()
  class ProjectQuestsCompleted {
    @Handles(QuestCompleted, { name: 'project-quests', versions: '^1.0.0', from: 'beginning', batch: true })
    async handle(@Payload() events: readonly EventOf<typeof QuestCompleted>[], @Ctx() context: HandlerContext): Promise<void> {
      await book(context.tx, events.map(({ payload }) => payload));
      context.tx.afterCommit(() => committed(events));
    }
  }
  return ProjectQuestsCompleted;
}

/** Handles nothing but the records that mark the end of a topic. */
export function seeFailedQuests(seen: () => void): Type {
  @Controller()
  class SeeFailedQuests {
    @Handles(QuestFailed, { name: 'see-failed-quests', versions: '^1.0.0', from: 'beginning' })
    handle(@Ctx() context: HandlerContext): void {
      context.tx.afterCommit(seen);
    }
  }
  return SeeFailedQuests;
}

function award(cause: EventOf<typeof QuestCompleted>, context: HandlerContext): void {
  const { user_id, quest_id, experience_reward } = cause.payload;
  const input = { user_id, experience_points: experience_reward, source_type: 'quest', source_id: quest_id, reason: 'Quest completed' } as const;
  context.raise(ExperienceAwarded, input, { cause });
}
