import { BusinessDays } from './business-days.js';
import { firstDay } from './first-day.js';
import { Narrator } from './narrator.js';
import { factsOfFirstDay, factsOfTwoWeeks, shownAtTheEnd } from './outcome.js';
import type { Stage } from './stage.js';
import { twoWeeks } from './two-weeks.js';

export type StoryLength = 'whole' | 'short';

/**
 * Two weeks in a person's life; the short one is their first day, until the second level. Every step goes
 * through a public API; what it leads to is read from the topics, and at the end from the services that
 * own it. Resolves with what was expected and not seen: empty when all is well.
 */
export async function playStory(stage: Stage, length: StoryLength): Promise<string[]> {
  const narrator = new Narrator(stage);
  if (length === 'short') {
    const { userId } = await firstDay(narrator);
    await shownAtTheEnd(narrator, factsOfFirstDay(userId));
    return narrator.missing;
  }
  const days = new BusinessDays(narrator, stage.urls);
  await days.begin();
  try {
    await days.moveTo(1);
    const person = await firstDay(narrator);
    await twoWeeks(narrator, days, person);
    await shownAtTheEnd(narrator, factsOfTwoWeeks(person.userId));
  } finally {
    await days.backToRealTime();
  }
  return narrator.missing;
}
