import { ReflectionPromptSuggested } from '@lifeos/contracts';
import type { HandlerContext } from '@lifeos/delivery';
import type { EventOf } from '@lifeos/events';
import { Handles } from '@lifeos/kafka';
import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';

/** Our own event, read back when the database was rebuilt: an id that was given is not given again. */
@Controller()
export class ReservePromptIdWhenReflectionPromptSuggested {
  @Handles(ReflectionPromptSuggested, { name: 'reserve-prompt-id-when-reflection-prompt-suggested', versions: '^1.0.0', from: 'beginning', batch: true })
  async handle(@Payload() events: readonly EventOf<typeof ReflectionPromptSuggested>[], @Ctx() { tx }: HandlerContext): Promise<void> {
    const highest = Math.max(...events.map(({ payload }) => payload.prompt_id));
    // Forward only: in everyday running the sequence is ahead, and other batches draw from it.
    await tx.query(`SELECT setval('prompt_ids', $1) FROM prompt_ids WHERE last_value < $1`, [highest]);
  }
}
