import { describe, expect, it } from '@jest/globals';
import { checkHistory } from './check-history.js';
import { type Entry, type History, isClean } from './history.js';

const entry = (key: string, n: number, prefix = ''): Entry => ({ id: `${prefix}${key}${n}`, key, n });
const all = ['a', 'b'].flatMap((key) => [1, 2, 3].map((n) => entry(key, n)));
const raised = all.map(({ key, n }) => entry(key, n, 'raised-'));
const three = new Map([['a', 3], ['b', 3]]);

const clean: History = {
  acknowledged: all.map(({ id }) => id),
  counted: three,
  log: all,
  topic: all,
  effects: all,
  parked: [],
  booked: three,
  raisedLog: raised,
  raisedTopic: raised,
};

const verdictOf = (change: Partial<History>) => checkHistory({ ...clean, ...change });
const without = (entries: readonly Entry[], id: string) => entries.filter((one) => one.id !== id);
const swapped = (entries: readonly Entry[]): Entry[] => {
  const [first, second, ...rest] = entries;
  return first === undefined || second === undefined ? [] : [second, first, ...rest];
};

describe('checkHistory', () => {
  it('finds nothing where nothing is wrong', () => {
    expect(verdictOf({})).toEqual({ lost: 0, doubled: 0, orderBreaks: 0, untrue: 0, wireDuplicates: 0, events: 6, effects: 6, parked: 0, faults: [] });
  });

  it('counts copies on the wire and holds them against nobody, also when a whole batch came again', () => {
    const verdict = verdictOf({ topic: [...all, ...all], raisedTopic: [...raised, ...raised.slice(2)] });
    expect(verdict.wireDuplicates).toBe(10);
    expect(isClean(verdict)).toBe(true);
  });

  it('takes an event that was parked for settled', () => {
    const verdict = verdictOf({
      effects: without(all, 'a2'), parked: ['a2'], booked: new Map([['a', 2], ['b', 3]]),
      raisedLog: without(raised, 'raised-a2'), raisedTopic: without(raised, 'raised-a2'),
    });
    expect([isClean(verdict), verdict.parked]).toEqual([true, 1]);
  });

  it.each<[string, Partial<History>]>([
    ['an acknowledged event that the log lacks', { acknowledged: [...clean.acknowledged, 'x'] }],
    ['an event that was never published', { topic: without(all, 'a2') }],
    ['an event without effect', { effects: without(all, 'b1'), booked: new Map([['a', 3], ['b', 2]]), raisedLog: without(raised, 'raised-b1'), raisedTopic: without(raised, 'raised-b1') }],
    ['an effect that raised nothing', { raisedLog: without(raised, 'raised-b1'), raisedTopic: without(raised, 'raised-b1') }],
    ['a raised event that was never published', { raisedTopic: without(raised, 'raised-b1') }],
  ])('lost: %s', (_, change) => {
    expect(verdictOf(change).lost).toBe(1);
  });

  it.each<[string, Partial<History>]>([
    ['an effect that came twice', { effects: [...all, entry('b', 3)] }],
    ['an event both handled and parked', { parked: ['a1'] }],
    ['an event raised twice for one cause', { raisedLog: [...raised, entry('b', 3, 'again-')], raisedTopic: [...raised, entry('b', 3, 'again-')] }],
    ['an event that is in the log twice', { log: [...all, entry('b', 3)], counted: new Map([['a', 3], ['b', 4]]) }],
  ])('doubled: %s', (_, change) => {
    expect(verdictOf(change).doubled).toBe(1);
  });

  it.each(['log', 'topic', 'effects', 'raisedLog', 'raisedTopic'] as const)('order: sees a key\'s events change places in %s', (place) => {
    expect(verdictOf({ [place]: swapped(clean[place]) }).orderBreaks).toBe(1);
  });

  it.each<[string, Partial<History>]>([
    ['an event on the wire that nobody committed', { topic: [...all, entry('a', 4)], effects: [...all, entry('a', 4)], booked: new Map([['a', 4], ['b', 3]]), raisedLog: [...raised, entry('a', 4, 'raised-')], raisedTopic: [...raised, entry('a', 4, 'raised-')] }],
    ['an effect without an event', { effects: [...all, entry('a', 9)], booked: new Map([['a', 4], ['b', 3]]), raisedLog: [...raised, entry('a', 9, 'raised-')], raisedTopic: [...raised, entry('a', 9, 'raised-')] }],
    ['a state that counts more than the log', { counted: new Map([['a', 4], ['b', 3]]) }],
    ['a state that counts less than the effects', { booked: new Map([['a', 2], ['b', 3]]) }],
  ])('untrue: %s', (_, change) => {
    const verdict = verdictOf(change);
    expect(verdict.untrue).toBe(1);
    expect(verdict.faults).toHaveLength(1);
  });
});
