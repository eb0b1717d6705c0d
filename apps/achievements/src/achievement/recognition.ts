import type { HandlerContext } from '@lifeos/delivery';
import type { EventEnvelope } from '@lifeos/events';
import { announce } from './announce.js';
import { type Gifts, saveGifts } from './gifts.js';
import { loadPeople, type Person, saveContexts } from './people.js';
import { builtInRules, holding, type Recognition, recognise, type Rules } from './rule-engine.js';
import { grow, type Growth } from './user-context.js';

/** What one event tells of its person. */
export interface Told {
  readonly cause: EventEnvelope;
  readonly userId: number;
  readonly growth: Growth;
}

/**
 * Lets the contexts grow by a whole batch of events, in order, and gives what is due: people are read
 * once, judged in memory, written once. The lock on each person keeps two events at once from
 * unlocking the same. The time of what is given is that of the event that brought it, never the
 * clock's: a rebuilt service comes to the same rows.
 */
export async function recogniseGrowth(context: HandlerContext, events: readonly Told[], rules: Rules = builtInRules): Promise<void> {
  if (events.length === 0) return;
  const people = await loadPeople(context.tx, events.map(({ userId }) => userId));
  const gifts: Gifts = { achievements: [], titles: [], badges: [] };
  for (const told of events) {
    const before = people.get(told.userId);
    if (!before) throw new Error(`Person ${told.userId} was not read.`);
    const after = grow(before.context, told.growth);
    const recognition = recognise(before.context, after, before, rules);
    announce(context, told, recognition);
    people.set(told.userId, { context: after, ...holding(before, recognition) });
    collect(gifts, told, { ...recognition, context: after });
  }
  await saveContexts(context.tx, people);
  await saveGifts(context.tx, gifts);
}

function collect(gifts: Gifts, { userId, cause }: Told, given: Recognition & Pick<Person, 'context'>): void {
  const to = { userId, at: cause.timestamp };
  gifts.achievements.push(...given.unlocked.map((unlock) => ({ ...to, ...unlock, context: given.context })));
  gifts.titles.push(...given.titles.map((title) => ({ ...to, title })));
  gifts.badges.push(...given.badges.map((badge) => ({ ...to, badge })));
}
