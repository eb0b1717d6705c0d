import { describe, expect, it } from '@jest/globals';
import { EventFeed, missingNames } from './event-feed.js';

const seen = (eventId: string, name: string, correlationId = 'flow') => ({
  eventId, name, correlationId, causationId: null, version: '1.0.0', source: 'quests', fields: {},
});

describe('the feed of a story', () => {
  it('counts names as often as they are expected', () => {
    expect(missingNames(['A', 'A', 'B'], ['B', 'A', 'C'])).toEqual(['A']);
    expect(missingNames(['A'], ['A', 'A'])).toEqual([]);
  });

  it('resolves when all expected events of the flow are there, copies and other flows left out', async () => {
    const feed = new EventFeed();
    feed.begin('flow', 100);
    const waiting = feed.waitFor('flow', ['A', 'B'], { timeoutMs: 5_000, quietMs: 5 });
    feed.take(seen('1', 'A'), 105);
    feed.take(seen('1', 'A'), 106);
    feed.take(seen('2', 'B', 'another'), 107);
    feed.take(seen('3', 'B'), 110);
    expect(await waiting).toEqual([]);
    expect(feed.eventsOf('flow').map((event) => [event.name, event.afterMs])).toEqual([['A', 5], ['B', 10]]);
  });

  it('leaves out what a flow brings to others', async () => {
    const feed = new EventFeed();
    feed.begin('flow', 0, ({ fields }) => fields['user_id'] === 7);
    feed.take({ ...seen('1', 'A'), fields: { user_id: 8 } }, 1);
    feed.take({ ...seen('2', 'B'), fields: { user_id: 7 } }, 1);
    expect(feed.eventsOf('flow').map(({ name }) => name)).toEqual(['B']);
  });

  it('names what did not arrive in time', async () => {
    const feed = new EventFeed();
    feed.begin('flow', 0);
    feed.take(seen('1', 'A'), 1);
    expect(await feed.waitFor('flow', ['A', 'LevelUp'], { timeoutMs: 20, quietMs: 1 })).toEqual(['LevelUp']);
  });
});
