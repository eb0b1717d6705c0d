import { AutoCompletionTriggered } from '@lifeos/contracts';
import type { HandlerContext } from '@lifeos/delivery';
import type { EventOf } from '@lifeos/events';
import { Handles } from '@lifeos/kafka';
import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { rememberCompletions } from '../rules/rule-store.js';

/** Our own event, read back when the database was rebuilt: a quest is told of once (I-11). */
@Controller()
export class RememberCompletionWhenAutoCompletionTriggered {
  @Handles(AutoCompletionTriggered, { name: 'remember-completion-when-auto-completion-triggered', versions: '^1.0.0', from: 'beginning', batch: true })
  async handle(@Payload() events: readonly EventOf<typeof AutoCompletionTriggered>[], @Ctx() { tx }: HandlerContext): Promise<void> {
    await rememberCompletions(tx, events.map(({ payload }) => ({ quest_id: payload.quest_id, user_id: payload.user_id, at: payload.completion_timestamp })));
  }
}
