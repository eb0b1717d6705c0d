import { describe, expect, it, jest } from '@jest/globals';
import fc from 'fast-check';
import { v5, validate, version } from 'uuid';
import { derivedEventId, newEventId } from './event-ids.js';

describe('newEventId', () => {
  it('gives UUIDs of version 7 that rise in the order of their making', () => {
    const ids = Array.from({ length: 2_000 }, newEventId);
    expect(ids.every((id) => validate(id) && version(id) === 7)).toBe(true);
    expect([...ids].sort()).toEqual(ids);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('keeps rising through more ids than a millisecond can count, and when the clock is set back', () => {
    const clock = jest.spyOn(Date, 'now');
    try {
      const later = Date.now() + 60_000;
      clock.mockReturnValue(later);
      const crowded = Array.from({ length: 10_000 }, newEventId);
      clock.mockReturnValue(later - 30_000);
      const ids = [...crowded, ...Array.from({ length: 100 }, newEventId)];
      expect(ids.every((id) => validate(id) && version(id) === 7)).toBe(true);
      expect([...ids].sort()).toEqual(ids);
      expect(new Set(ids).size).toBe(ids.length);
      expect(Number.parseInt((ids[0] ?? '').replaceAll('-', '').slice(0, 12), 16)).toBe(later);
    } finally {
      clock.mockRestore();
    }
  });
});

describe('derivedEventId', () => {
  const identity = { context: 'achievements', eventName: 'AchievementUnlocked', userId: 42, fact: 'achievement:7' };

  it('keeps its value for ever, so that a rebuilt service raises the ids it raised before', () => {
    expect(derivedEventId(identity)).toBe('2797e044-7ef9-5214-8720-8bf446fe5d84');
    expect(version(derivedEventId(identity))).toBe(5);
  });

  it('is the UUID v5 that any library makes of the same name', () => {
    const text = fc.string({ maxLength: 40, unit: 'binary' });
    fc.assert(
      fc.property(text, text, text, text, (context, eventName, userId, fact) => {
        const expected = v5(JSON.stringify([context, eventName, userId, fact]), '8c3f6f0e-6a5b-5d0f-9a39-3c1f8b0a7d11');
        expect(derivedEventId({ context, eventName, userId, fact })).toBe(expected);
      }),
    );
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
