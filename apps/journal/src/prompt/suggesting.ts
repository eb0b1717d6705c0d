import { ReflectionPromptSuggested } from '@lifeos/contracts';
import type { HandlerContext } from '@lifeos/delivery';
import type { EventEnvelope } from '@lifeos/events';
import { insertPrompts, nextPromptIds, type PromptRow, promptsPerDayOf } from '../read-models/prompts.js';
import { timeZonesOf } from '../read-models/time-zones.js';
import { localDay } from './local-day.js';
import { type Prompt, promptsPerDay } from './prompts.js';

/** A prompt that an event asks for. */
export interface Suggestion {
  readonly cause: EventEnvelope;
  readonly userId: number;
  readonly prompt: Prompt;
}

/**
 * Suggests what a batch of events asks for, at most three a person and day, the day being that of
 * the event in the person's time zone (J-7). What comes after the third is dropped: topics interleave,
 * so which three is open, but never the number.
 */
export async function suggestPrompts(context: HandlerContext, suggestions: readonly Suggestion[]): Promise<void> {
  const due = await withinTheDay(context, suggestions);
  if (due.length === 0) return;
  const ids = await nextPromptIds(context.tx, due.length);
  const rows = due.map((row, index) => ({ ...row, promptId: ids[index] ?? 0 }));
  await insertPrompts(context.tx, rows);
  for (const { promptId, userId, prompt, cause, day, ordinal } of rows) {
    context.raise(
      ReflectionPromptSuggested,
      {
        user_id: userId,
        prompt_id: promptId,
        prompt_text: prompt.text,
        prompt_category: prompt.category,
        trigger_event: cause.type.name,
      },
      // Named by its place in the day: a rebuilt service that meets the topics in another order raises no fourth.
      { cause, fact: `${day} ${ordinal}` },
    );
  }
}

type DuePrompt = Omit<PromptRow, 'promptId'>;

async function withinTheDay({ tx }: HandlerContext, suggestions: readonly Suggestion[]): Promise<DuePrompt[]> {
  if (suggestions.length === 0) return [];
  const zones = await timeZonesOf(tx, suggestions.map(({ userId }) => userId));
  const dated = suggestions.map((suggestion) => ({
    ...suggestion,
    day: localDay(suggestion.cause.timestamp, zones.get(suggestion.userId) ?? 'UTC'),
  }));
  const given = await promptsPerDayOf(tx, dated);
  return dated.flatMap((suggestion) => {
    const key = `${suggestion.userId} ${suggestion.day}`;
    const ordinal = (given.get(key) ?? 0) + 1;
    if (ordinal > promptsPerDay) return [];
    given.set(key, ordinal);
    return [{ ...suggestion, ordinal }];
  });
}
