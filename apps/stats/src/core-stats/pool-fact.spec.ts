import { describe, expect, it } from '@jest/globals';
import { derivedEventId, newEventId } from '@lifeos/events';
import { poolFact, toldPointsAfter } from './pool-fact.js';

const idAt = (points: number) => derivedEventId({ context: 'stats', eventName: 'CoreStatUpdated', userId: 7, fact: poolFact('wisdom', points) });
const change = (over: Partial<Parameters<typeof toldPointsAfter>[1]>) =>
  ({ eventId: newEventId(), userId: 7, name: 'wisdom', previous: 10, next: 12, source: 'quest', ...over }) as const;

describe('points that an earlier life told of', () => {
  it.each([
    ['are what the event says', 0, { eventId: idAt(2) }, 2],
    ['include those gained in silence at 100', 1, { eventId: idAt(6), previous: 50, next: 51 }, 6],
    ['go by the change when the event was named otherwise', 3, {}, 5],
    ['are none of a value set by hand', 3, { source: 'manual' }, 3],
    ['are none of external data', 3, { source: 'integration' }, 3],
  ])('%s', (_what, told, over, expected) => {
    expect(toldPointsAfter(told, change(over))).toBe(expected);
  });
});
