import { AutoCompletionTriggered } from '@lifeos/contracts';
import type { HandlerContext } from '@lifeos/delivery';
import type { EventOf } from '@lifeos/events';
import { Handles } from '@lifeos/kafka';
import { type Logger, LOGGER } from '@lifeos/service';
import { Controller, Inject } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { ofEvent } from '../quest/origin.js';
import { completeQuest } from '../quest/quest.js';
import { QuestFlow } from '../quest/quest-flow.js';
import { QuestStream } from '../quest/quest-stream.js';
import { remember } from '../quest/remembered-completions.js';

/** */
@Controller()
export class CompleteQuestWhenAutoCompletionTriggered {
  constructor(
    private readonly stream: QuestStream,
    private readonly flow: QuestFlow,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  @Handles(AutoCompletionTriggered, { name: 'complete-quest-when-auto-completion-triggered', versions: '^1.0.0', from: 'beginning', batch: true })
  async handle(@Payload() events: readonly EventOf<typeof AutoCompletionTriggered>[], @Ctx() context: HandlerContext): Promise<void> {
    for (const event of events) await this.one(event, context);
  }

  private async one(event: EventOf<typeof AutoCompletionTriggered>, { tx }: HandlerContext): Promise<void> {
    const { user_id, quest_id, completion_timestamp: at } = event.payload;
    const loaded = await this.stream.load(tx, quest_id);
    if (!loaded || loaded.quest.user_id !== user_id) return this.ignore(event.eventId, quest_id, 'is none of this person');
    const { status } = loaded.quest;
    if (status === 'completed' || status === 'failed') return this.ignore(event.eventId, quest_id, `is ${status}`);
    if (status !== 'active') return remember(tx, quest_id, { at, cause: event });
    await this.flow.append(tx, loaded, completeQuest(loaded.quest, { at, automatically: true }), ofEvent(event, at));
  }

  private ignore(event_id: string, quest_id: number, reason: string): void {
    this.logger.info({ event_id, quest_id, reason }, 'Ignored an auto-completion: the quest cannot take it.');
  }
}
