import { describe, expect, it, jest } from '@jest/globals';
import { QuestCompleted, QuestFailed } from '@lifeos/contracts';
import fc from 'fast-check';
import { classify } from './classify.js';
import type { HandlerDefinition } from './handler.js';
import { Subscription, subscriptionsOf, TopicRoutes } from './subscriptions.js';
import { handlerOf, idOf, recordOf, topic } from './testing/records.js';

const ignore = async () => undefined;
const known = [QuestCompleted, QuestFailed];

function routesOf(...handlers: HandlerDefinition[]): TopicRoutes {
  return new TopicRoutes(topic, subscriptionsOf(handlers), known);
}

function classified(record: Parameters<typeof classify>[0], ...handlers: HandlerDefinition[]) {
  const leftOut = jest.fn<(one: Subscription, event: string, version: string) => void>();
  const result = classify(record, routesOf(...handlers), leftOut);
  return { result, leftOut };
}

describe('classify', () => {
  it('gives an event to the handlers of its type, wildcards last (P-7)', () => {
    const all = handlerOf('all', ignore, { types: '*' });
    const { result } = classified(recordOf({ offset: 3, user: 7 }), all, handlerOf('b', ignore), handlerOf('a', ignore));
    if (typeof result === 'string') throw new Error(result);
    expect(result.subscriptions.map(({ id }) => id)).toEqual(['b', 'a', 'all']);
    expect(result).toMatchObject({ key: '7', type: QuestCompleted, fault: null, headers: { eventId: idOf(3) } });
  });

  it('skips a type that nobody handles, without a look at its value', () => {
    const handler = handlerOf('a', ignore, { types: [QuestFailed] });
    expect(classified(recordOf({ offset: 0, value: Buffer.from('junk') }), handler).result).toBe('unhandled_type');
    expect(classified(recordOf({ offset: 0, headers: { ce_type: 'acme.v1.Strange' } }), handlerOf('w', ignore, { types: '*' })).result).toBe('unhandled_type');
  });

  it('VR-8: leaves out, and names, each handler whose range does not hold the version', () => {
    const old = handlerOf('old', ignore, { versions: '<1.1.0' });
    const { result, leftOut } = classified(recordOf({ offset: 0, version: '1.1.0' }), old, handlerOf('new', ignore, { versions: '^1.1.0' }));
    expect(result).toMatchObject({ subscriptions: [{ id: 'new' }], fault: null });
    expect(leftOut.mock.calls.map(([one, , version]) => [one.id, version])).toEqual([['old', '1.1.0']]);
    expect(classified(recordOf({ offset: 0, version: '1.1.0' }), old).result).toBe('version_out_of_range');
  });

  it('VR-7: text that is not a version fits no handler', () => {
    const { result, leftOut } = classified(recordOf({ offset: 0, version: 'newest' }), handlerOf('a', ignore));
    expect(result).toBe('version_out_of_range');
    expect(leftOut).toHaveBeenCalledTimes(1);
  });

  it('VR-11: reads a newer minor than the service knows', () => {
    expect(classified(recordOf({ offset: 0, version: '1.99.0' }), handlerOf('a', ignore, { versions: '^1.0.0' })).result).toMatchObject({ fault: null });
  });

  it('VR-9: keeps a major newer than the service knows for every handler of the event, whatever its range', () => {
    const record = recordOf({ offset: 0, headers: { ce_type: 'lifeos.quests.v7.QuestCompleted' }, version: '7.0.0' });
    const { result } = classified(record, handlerOf('a', ignore, { versions: '^1.0.0' }), handlerOf('w', ignore, { types: '*' }));
    expect(result).toMatchObject({ subscriptions: [{ id: 'a' }, { id: 'w' }], fault: { code: 'UNSUPPORTED_VERSION' } });
    expect(classified(record, handlerOf('other', ignore, { types: [QuestFailed] })).result).toBe('unhandled_type');
  });

  it('leaves handlers out of a major older than any the service knows', () => {
    const { result, leftOut } = classified(recordOf({ offset: 0, headers: { ce_type: 'lifeos.quests.v0.QuestCompleted' }, version: '0.9.0' }), handlerOf('a', ignore));
    expect(result).toBe('version_out_of_range');
    expect(leftOut).toHaveBeenCalledTimes(1);
  });

  it('parks what cannot be identified, and skips tombstones', () => {
    const handler = handlerOf('a', ignore);
    const fault = (code: string) => expect.objectContaining({ fault: expect.objectContaining({ code }) });
    expect(classified(recordOf({ offset: 0, headers: { ce_id: undefined } }), handler).result).toEqual(fault('UNREADABLE_HEADERS'));
    expect(classified(recordOf({ offset: 0, headers: { ce_type: undefined } }), handler).result).toMatchObject({ ceType: null, subscriptions: [] });
    expect(classified(recordOf({ offset: 0, headers: { big: 'x'.repeat(40_000) } }), handler).result).toEqual(fault('UNREADABLE_HEADERS'));
    expect(classified(recordOf({ offset: 0, headers: { big: 'x'.repeat(1_000_000) } }), handler).result).toEqual(fault('UNREADABLE_HEADERS'));
    const many = Object.fromEntries(Array.from({ length: 80 }, (_, i) => [`h${i}`, 'x']));
    expect(classified(recordOf({ offset: 0, headers: many }), handler).result).toEqual(fault('UNREADABLE_HEADERS'));
    expect(classified(recordOf({ offset: 0, value: null }), handler).result).toBe('tombstone');
    expect(classified(recordOf({ offset: 0, value: null, headers: { ce_type: undefined } }), handler).result).toBe('tombstone');
  });

  it.each([
    ['none', null],
    ['an empty one', Buffer.alloc(0)],
    ['one that is not text', Buffer.from([0xff, 0xfe])],
    ['one with a NUL', Buffer.from('a\0b')],
    ['a huge one', Buffer.alloc(300, 97)],
  ])('parks under no key a record with %s', (_, key) => {
    expect(classified(recordOf({ offset: 0, key }), handlerOf('a', ignore)).result).toMatchObject({ key: null, fault: { code: 'UNUSABLE_KEY' } });
  });

  it('holds back what is older than the time from which a handler starts', () => {
    const record = recordOf({ offset: 5 });
    const from = (ms: number) => handlerOf('a', ignore, { from: { timestamp: new Date(record.timestamp + ms) } });
    expect(classified(record, from(1)).result).toBe('before_start');
    expect(classified(record, from(0)).result).toMatchObject({ fault: null });
  });

  it('never throws, whatever the headers are', () => {
    const value = fc.oneof(fc.string(), fc.uint8Array().map((bytes) => Buffer.from(bytes)), fc.constant(undefined), fc.array(fc.string(), { maxLength: 3 }));
    const names = fc.oneof(fc.constantFrom(...Object.keys(recordOf({ offset: 0 }).headers)), fc.string());
    const routes = routesOf(handlerOf('a', ignore), handlerOf('w', ignore, { types: '*' }));
    fc.assert(
      fc.property(fc.dictionary(names, value), fc.option(fc.uint8Array()), (headers, key) => {
        const record = recordOf({ offset: 0, key: key === null ? null : Buffer.from(key) });
        classify({ ...record, headers: { ...record.headers, ...headers } }, routes, () => undefined);
      }),
    );
  });
});

describe('subscriptionsOf', () => {
  it('keeps a renamed handler under its oldest name, so that old and new services share its position', () => {
    expect(subscriptionsOf([handlerOf('third', ignore, { aliases: ['first', 'second'] })])[0]?.id).toBe('first');
  });

  it('refuses two handlers of one name, aliases included, and ranges that mean nothing', () => {
    expect(() => subscriptionsOf([handlerOf('a', ignore), handlerOf('b', ignore, { aliases: ['a'] })])).toThrow(/handlers are called a/);
    expect(() => subscriptionsOf([handlerOf('a', ignore, { versions: 'newest' })])).toThrow(/not a version range/);
  });
});

describe('TopicRoutes', () => {
  it('counts in only handlers that take something from the topic', () => {
    const all = subscriptionsOf([handlerOf('a', ignore), handlerOf('w', ignore, { types: '*' })]);
    expect(new TopicRoutes(topic, all, known).subscriptions.map(({ id }) => id)).toEqual(['a', 'w']);
    const other = { ...QuestFailed, topic: 'lifeos.other.events' } as typeof QuestFailed;
    expect(new TopicRoutes('lifeos.other.events', all, [QuestCompleted, other]).subscriptions.map(({ id }) => id)).toEqual(['w']);
  });
});
