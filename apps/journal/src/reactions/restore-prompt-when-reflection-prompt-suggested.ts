import { ReflectionPromptSuggested } from '@lifeos/contracts';
import type { HandlerContext } from '@lifeos/delivery';
import type { EventOf } from '@lifeos/events';
import { Handles } from '@lifeos/kafka';
import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { promptsPerDay } from '../prompt/prompts.js';
import { promptDay, promptEventId } from '../prompt/suggesting.js';
import { reserveIds } from '../read-models/own-ids.js';
import { insertPrompts, type PromptPlace } from '../read-models/prompts.js';
import { daysAfter } from '../series/days.js';

type Suggested = EventOf<typeof ReflectionPromptSuggested>;

/** Our own event, read back when the database was rebuilt. In everyday running it finds everything there. */
@Controller()
export class RestorePromptWhenReflectionPromptSuggested {
  @Handles(ReflectionPromptSuggested, {
    name: 'restore-prompt-when-reflection-prompt-suggested', aliases: ['reserve-prompt-id-when-reflection-prompt-suggested'], versions: '^1.0.0', from: 'beginning', batch: true,
  })
  async handle(@Payload() events: readonly Suggested[], @Ctx() { tx }: HandlerContext): Promise<void> {
    await reserveIds(tx, 'prompt_ids', events.map(({ payload }) => payload.prompt_id));
    const rows = events.flatMap((event) => {
      const place = placeOf(event);
      const { prompt_id: promptId, prompt_text: text, prompt_category: category, trigger_event: trigger } = event.payload;
      return place ? [{ ...place, promptId, prompt: { text, category }, trigger, suggestedAt: event.timestamp }] : [];
    });
    await insertPrompts(tx, rows);
  }
}

/** The id follows from the place, so the place can be found again. Prompts were once counted by the person's own days, hence the neighbours. */
function placeOf({ eventId, timestamp, payload: { user_id: userId } }: Suggested): PromptPlace | undefined {
  return [0, -1, 1]
    .map((days) => daysAfter(promptDay(timestamp), days))
    .flatMap((day) => Array.from({ length: promptsPerDay }, (_, index) => ({ userId, day, ordinal: index + 1 })))
    .find((place) => promptEventId(place) === eventId);
}
