import { describe, expect, it } from '@jest/globals';
import type { Position } from '../positions.js';
import { shareOfBatch, type Feed } from './share-of-batch.js';

const live = (next: number, liveAt = 0): Position => ({ next, joinAt: null, liveAt });
const reading = (next: number, joinAt: number | null = null): Position => ({ next, joinAt, liveAt: null });
const share = (rows: Record<string, Position>, range: [from: number, next: number], feed: Feed = 'live') => {
  const { positions, replayUntil, ...rest } = shareOfBatch(new Map(Object.entries(rows)), feed, { from: range[0], next: range[1] });
  return { ...rest, feeds: Object.fromEntries(positions), replayUntil: Object.fromEntries(replayUntil) };
};

describe("a batch of the service's group", () => {
  it('feeds those that are live, whole', () => {
    expect(share({ a: live(10), b: live(30) }, [10, 50])).toMatchObject({ verdict: null, feeds: { a: 10, b: 30 }, until: 50, joined: [], rejoins: [] });
  });

  it('ends where history ends for one of them, so that no call holds both', () => {
    expect(share({ a: live(10, 20), b: live(10, 40) }, [10, 50])).toMatchObject({ until: 20, replayUntil: { a: 20, b: 40 } });
    expect(share({ a: live(20, 20) }, [20, 50])).toMatchObject({ until: 50 });
    expect(share({ a: live(10, 50) }, [10, 50])).toMatchObject({ until: 50 });
  });

  it('leaves out whom another group feeds', () => {
    expect(share({ a: live(30), b: reading(5) }, [30, 50])).toMatchObject({ verdict: null, feeds: { a: 30 }, until: 50 });
  });

  it('goes as far as a joining handler is to be waited for, and no further', () => {
    expect(share({ a: live(30), b: reading(5, 40) }, [30, 50])).toMatchObject({ verdict: null, feeds: { a: 30 }, until: 40 });
    expect(share({ a: live(40), b: reading(39, 40) }, [40, 50])).toMatchObject({ verdict: { kind: 'held', handler: 'b', offset: 40 }, rejoins: [] });
  });

  it('takes over who has come up to it, or past it', () => {
    expect(share({ a: live(40), b: reading(40, 40) }, [40, 50])).toMatchObject({ verdict: null, feeds: { a: 40, b: 40 }, joined: ['b'], replayUntil: { b: 40 }, until: 50 });
    expect(share({ a: live(40), b: reading(45) }, [40, 50])).toMatchObject({ verdict: null, feeds: { a: 40, b: 45 }, joined: ['b'] });
  });

  it('waits further on when a member that does not know the handler went on', () => {
    expect(share({ a: live(60), b: reading(40, 40) }, [60, 70])).toMatchObject({ verdict: { kind: 'held', handler: 'b', offset: 60 }, joined: [], rejoins: ['b'] });
  });
});

describe('a batch of the group that reads the history of one handler', () => {
  it('is history, up to where the handler joins', () => {
    expect(share({ b: reading(5) }, [5, 50], 'catch-up')).toMatchObject({ verdict: null, feeds: { b: 5 }, until: 50, replayUntil: { b: Infinity } });
    expect(share({ b: reading(5, 40) }, [5, 50], 'catch-up')).toMatchObject({ verdict: null, until: 40 });
  });

  it('waits there, and ends when the handler is live', () => {
    expect(share({ b: reading(40, 40) }, [40, 50], 'catch-up')).toMatchObject({ verdict: { kind: 'held' }, feeds: {} });
    expect(share({ b: live(40, 40) }, [40, 50], 'catch-up')).toMatchObject({ verdict: { kind: 'finished' }, feeds: {} });
  });
});
