import type { AnyEventType } from '@lifeos/contracts';
import { derivedEventId, type EventEnvelope } from '@lifeos/events';
import fc from 'fast-check';
import { achievementsStory } from './stories/achievements.js';
import { analyticsStory } from './stories/analytics.js';
import { dashboardStory } from './stories/dashboard.js';
import { integrationsStory } from './stories/integrations.js';
import { journalStory } from './stories/journal.js';
import { questsStory } from './stories/quests.js';
import { skillsStory } from './stories/skills.js';
import { statsStory } from './stories/stats.js';
import { dateOf, type Draw, type Happening } from './stories/telling.js';

/** What happened to one person in all contexts, in the order of time. */
export interface History {
  readonly user: number;
  readonly events: readonly EventEnvelope[];
}

const stories: readonly ((draw: Draw, user: number) => Happening[])[] = [
  dashboardStory, questsStory, statsStory, skillsStory, achievementsStory, journalStory, integrationsStory, analyticsStory,
];

/** Histories of the people 1 … `count`; the same seed gives the same ones. */
export function historiesOf(count: number, seed: number): History[] {
  const draw = chances(seed);
  return Array.from({ length: count }, (_, index) => {
    const user = index + 1;
    const happenings = stories.flatMap((story) => story(draw, user));
    const events = happenings.map((happening, place) => eventOf(user, place, happening));
    return { user, events: events.sort((a, b) => a.timestamp.getTime() - b.timestamp.getTime()) };
  });
}

/** Chances that fast-check draws for a seed; after very many they come again. */
export function chances(seed: number): Draw {
  const drawn = fc.sample(fc.noBias(fc.nat(999_999)), { seed, numRuns: 99_991 });
  let next = 0;
  return () => (drawn[next++ % drawn.length] as number) / 1_000_000;
}

/** Ids follow from the history, so that a seed gives the same run again. */
function eventOf(user: number, place: number, { at, type, fields }: Happening): EventEnvelope {
  const [userId, eventName] = [String(user), type.name];
  const eventId = derivedEventId({ context: type.context, eventName, userId, fact: `history#${place}` });
  return {
    eventId, type, version: type.version, timestamp: dateOf(at), key: userId,
    correlationId: eventId, causationId: null, source: type.context, traceparent: null,
    payload: (type as AnyEventType & { build(input: object): object }).build({ user_id: user, ...fields }),
  };
}
