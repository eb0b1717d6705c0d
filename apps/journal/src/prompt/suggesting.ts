import { ReflectionPromptSuggested } from '@lifeos/contracts';
import type { HandlerContext } from '@lifeos/delivery';
import { derivedEventId, type EventEnvelope } from '@lifeos/events';
import type { Queryable } from '@lifeos/postgres';
import { toldAlready } from '../read-models/own-events.js';
import { drawIds } from '../read-models/own-ids.js';
import { askedPerDayOf, insertPrompts, type PromptPlace, rememberAsked } from '../read-models/prompts.js';
import { type Prompt, promptsPerDay } from './prompts.js';

/** A prompt that an event asks for. */
export interface Suggestion {
  readonly cause: EventEnvelope;
  readonly userId: number;
  readonly prompt: Prompt;
  /** Default the cause's name. */
  readonly trigger?: string;
}

/** Named by its place in the day: whatever order a rebuilt service meets the topics in, it raises no other. */
export const promptEventId = ({ userId, day, ordinal }: PromptPlace): string =>
  derivedEventId({ context: 'journal', eventName: ReflectionPromptSuggested.name, userId, fact: factOf({ day, ordinal }) });

const factOf = ({ day, ordinal }: Pick<PromptPlace, 'day' | 'ordinal'>): string => `${day} ${ordinal}`;

/**
 * The day of an event, in UTC: a person's zone may be heard of before or after the event, and the number
 * of prompts must not hang on which of them came first.
 */
export const promptDay = (at: Date): string => at.toISOString().slice(0, 10);

/**
 * Suggests what a batch of events asks for, at most three a person and day of the event (J-7). What comes
 * after the third is dropped: topics interleave, so which three is open, but never the number.
 */
export async function suggestPrompts(context: HandlerContext, suggestions: readonly Suggestion[]): Promise<void> {
  const due = await withinTheDay(context.tx, suggestions);
  const told = await toldAlready(context.tx, due.map(promptEventId));
  const fresh = due.filter((place) => !told.has(promptEventId(place)));
  if (fresh.length === 0) return;
  const ids = await drawIds(context.tx, 'prompt_ids', fresh.length);
  const rows = fresh.map((one, index) => ({ ...one, promptId: ids[index] ?? 0, suggestedAt: one.cause.timestamp, trigger: one.trigger ?? one.cause.type.name }));
  await insertPrompts(context.tx, rows);
  for (const { promptId, userId, prompt, cause, trigger, day, ordinal } of rows) {
    context.raise(
      ReflectionPromptSuggested,
      { user_id: userId, prompt_id: promptId, prompt_text: prompt.text, prompt_category: prompt.category, trigger_event: trigger },
      { cause, fact: factOf({ day, ordinal }) },
    );
  }
}

async function withinTheDay(tx: Queryable, suggestions: readonly Suggestion[]): Promise<(Suggestion & PromptPlace)[]> {
  if (suggestions.length === 0) return [];
  const dated = suggestions.map((suggestion) => ({ ...suggestion, day: promptDay(suggestion.cause.timestamp) }));
  const asked = await askedPerDayOf(tx, dated);
  const due = dated.flatMap((suggestion) => {
    const key = `${suggestion.userId} ${suggestion.day}`;
    const ordinal = (asked.get(key) ?? 0) + 1;
    if (ordinal > promptsPerDay) return [];
    asked.set(key, ordinal);
    return [{ ...suggestion, ordinal }];
  });
  await rememberAsked(tx, due);
  return due;
}
