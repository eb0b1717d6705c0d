import { JournalEntryCreated, JournalEntryUpdated } from '@lifeos/contracts';
import type { HandlerContext } from '@lifeos/delivery';
import type { EventOf } from '@lifeos/events';
import { Handles } from '@lifeos/kafka';
import { localDay, timeZonesOf } from '@lifeos/service';
import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { veryLowDaysUpTo } from '../prompt/low-days.js';
import { lowMoodAtMost, promptForLowMood, veryLowMoodAtMost } from '../prompt/prompts.js';
import { suggestPrompts } from '../prompt/suggesting.js';
import { moodsAround } from '../read-models/moods.js';

type Told = EventOf<typeof JournalEntryCreated> | EventOf<typeof JournalEntryUpdated>;

/** J-7, J-8: our own events, so that a rebuilt service counts these prompts among the day's three as well. */
@Controller()
export class SuggestPromptWhenMoodIsLow {
  @Handles([JournalEntryCreated, JournalEntryUpdated], { name: 'suggest-prompt-when-mood-is-low', versions: '^1.0.0', from: 'beginning', batch: true })
  async handle(@Payload() events: readonly Told[], @Ctx() context: HandlerContext): Promise<void> {
    const low = events.flatMap((cause) => {
      const mood = moodIn(cause);
      return mood !== null && mood <= lowMoodAtMost ? [{ cause, mood }] : [];
    });
    const veryLow = low.filter(({ mood }) => mood <= veryLowMoodAtMost).map(({ cause }) => cause.payload);
    const around = await moodsAround(context.tx, veryLow.map(({ entry_id }) => entry_id));
    const zones = await timeZonesOf(context.tx, veryLow.map(({ user_id }) => user_id));
    const suggestions = low.map(({ cause }) => {
      const { user_id: userId, entry_id } = cause.payload;
      const found = around.get(entry_id);
      const zone = zones.get(userId) ?? 'UTC';
      const days = found ? veryLowDaysUpTo(localDay(found.at, zone), found.moods, zone) : 0;
      return { cause, userId, prompt: promptForLowMood(days), trigger: 'low_mood' };
    });
    await suggestPrompts(context, suggestions);
  }
}

/** The mood that an event tells; null when it tells none. */
function moodIn({ payload }: Told): number | null {
  if ('mood_rating' in payload) return payload.mood_rating;
  const mood = payload.updated_fields['mood_rating'];
  return typeof mood === 'number' ? mood : null;
}
