import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { validate, version } from 'uuid';
import { derivedEventId, newEventId } from './event-ids.js';

describe('newEventId', () => {
  it('gives UUIDs of version 7 that rise in the order of their making', () => {
    const ids = Array.from({ length: 2_000 }, newEventId);
    expect(ids.every((id) => validate(id) && version(id) === 7)).toBe(true);
    expect([...ids].sort()).toEqual(ids);
    expect(new Set(ids).size).toBe(ids.length);
  });
});

describe('derivedEventId', () => {
  const identity = { context: 'achievements', eventName: 'AchievementUnlocked', userId: 42, fact: 'achievement:7' };

  it('keeps its value for ever, so that a rebuilt service raises the ids it raised before', () => {
    expect(derivedEventId(identity)).toBe('2797e044-7ef9-5214-8720-8bf446fe5d84');
    expect(version(derivedEventId(identity))).toBe(5);
  });

  it('does not mind whether the user id comes as number or text', () => {
    expect(derivedEventId({ ...identity, userId: '42' })).toBe(derivedEventId(identity));
  });

  it('differs whenever one part differs, wherever the text is cut', () => {
    const part = fc.string({ maxLength: 6 });
    const parts = fc.record({ context: part, eventName: part, userId: part, fact: part });
    fc.assert(
      fc.property(parts, parts, (a, b) => {
        const same = JSON.stringify(Object.values(a)) === JSON.stringify(Object.values(b));
        return (derivedEventId(a) === derivedEventId(b)) === same;
      }),
    );
    expect(derivedEventId({ ...identity, context: 'ab', eventName: 'c' })).not.toBe(
      derivedEventId({ ...identity, context: 'a', eventName: 'bc' }),
    );
  });
});
