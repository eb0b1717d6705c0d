import { describe, expect, it } from '@jest/globals';
import { firstPositions, type KnownPosition, type Listener } from './first-positions.js';

const at = { topic: 't', partition: 1, low: 10, high: 100 };
const timestamp = new Date('2026-11-01T00:00:00Z');
const position = (handler: string, next: number, isLive = true): KnownPosition => ({ topic: 't', partition: 1, handler, next, isLive });
const listener = (handler: string, from: Listener['from']): Listener => ({ handler, from });
const fresh = (from: Listener['from'], known: readonly KnownPosition[], offsetAt = 60) => {
  const [first] = firstPositions(at, [listener('old', 'beginning'), listener('new', from)], known, () => offsetAt).filter(({ handler }) => handler === 'new');
  return first && { start: first.start, liveAt: first.liveAt };
};

describe('where a handler begins', () => {
  it('in a partition that nobody has read: where it says, with the group of the service; what is there already is history', () => {
    expect(fresh('beginning', [])).toEqual({ start: 10, liveAt: 100 });
    expect(fresh({ timestamp }, [])).toEqual({ start: 60, liveAt: 100 });
    expect(fresh('latest', [])).toEqual({ start: 100, liveAt: 100 });
  });

  it('where the group has gone on: apart from it, unless it wants nothing that the group has passed', () => {
    expect(fresh('beginning', [position('old', 80)])).toEqual({ start: 10, liveAt: null });
    expect(fresh({ timestamp }, [position('old', 61)])).toEqual({ start: 60, liveAt: null });
    expect(fresh({ timestamp }, [position('old', 60)])).toEqual({ start: 60, liveAt: 100 });
    expect(fresh('latest', [position('old', 80)])).toEqual({ start: 100, liveAt: 100 });
  });

  it('counts neither handlers that are gone nor those that catch up themselves, nor other partitions', () => {
    expect(fresh('beginning', [position('gone', 80), position('old', 50, false), { ...position('old', 80), partition: 2 }])).toEqual({ start: 10, liveAt: 100 });
  });

  it('stays where it began', () => {
    expect(fresh('beginning', [position('new', 5)])).toBeUndefined();
  });

  it('is within what the partition holds', () => {
    expect(fresh({ timestamp }, [], 3)).toEqual({ start: 10, liveAt: 100 });
    expect(fresh({ timestamp }, [], 300)).toEqual({ start: 100, liveAt: 100 });
  });
});
