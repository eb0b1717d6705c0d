import { describe, expect, it } from '@jest/globals';
import { daysAfter, daysUpTo } from '../series/days.js';
import type { DailySeries } from '../series/series.js';
import { keyOf, patternsIn } from './patterns.js';

const lastDay = '2028-03-03';
/** Values of the last days, oldest first; null is a gap. */
const upTo = (...list: (number | null)[]): Map<string, number> =>
  new Map(daysUpTo(lastDay, list.length).flatMap((day, index) => (typeof list[index] === 'number' ? [[day, list[index]] as const] : [])));
const rising = (count: number): Map<string, number> => upTo(...Array.from({ length: count }, (_, index) => index));
const found = (series: Record<string, Map<string, number>>) => patternsIn(new Map(Object.entries(series)) as DailySeries, lastDay);
const summary = (series: Record<string, Map<string, number>>) => found(series).map(({ type, series: names, confidence }) => [type, names, confidence]);

describe('J-4: two series that move together', () => {
  it.each([
    [13, null],
    // 14 common days are enough to compare, and never enough to be half sure.
    [14, null],
    [15, 0.5],
    [21, 0.7],
    [22, 22 / 30],
    [30, 1],
  ])('%d common days give a confidence of %j', (count, confidence) => {
    const [pattern] = found({ strength: rising(count), words: rising(30) });
    if (confidence === null) return expect(pattern).toBeUndefined();
    expect(pattern).toMatchObject({ type: 'correlation', series: ['strength', 'words'] });
    expect(pattern?.confidence).toBeCloseTo(confidence, 10);
    expect(pattern?.days).toEqual(daysUpTo(lastDay, count));
  });

  it('just under 0.5 is none', () => {
    const almost = upTo(...Array.from({ length: 15 }, (_, index) => (index === 7 ? 7.5 : index)));
    expect(found({ strength: rising(15), words: almost })).toEqual([]);
  });

  it('opposite directions count as well, and are called so', () => {
    const falling = upTo(...Array.from({ length: 30 }, (_, index) => -index));
    expect(found({ strength: rising(30), words: falling })).toMatchObject([{ confidence: 1, description: expect.stringContaining('opposite directions (r = -1.00)') }]);
  });

  it('days before the window of 30 do not count', () => {
    const old = new Map(daysUpTo(daysAfter(lastDay, -30), 20).map((day, index) => [day, index]));
    expect(found({ strength: new Map([...old, ...rising(14)]), words: new Map([...old, ...rising(14)]) })).toEqual([]);
  });

  it('trends are no partner: they repeat their stat', () => {
    expect(found({ strength: rising(30), 'trend.strength': rising(30) })).toEqual([]);
  });

  it('each pair comes once, the surest first, whatever order the series come in', () => {
    const series = { words: rising(20), strength: rising(30), 'health.physical': rising(30) };
    const pairs = summary(series);
    expect(pairs.map(([, names]) => names)).toEqual([['health.physical', 'strength'], ['health.physical', 'words'], ['strength', 'words']]);
    expect(summary(Object.fromEntries(Object.entries(series).reverse()))).toEqual(pairs);
  });
});

const weeks = (before: number | null, after: number | null): Map<string, number> => upTo(...Array.from({ length: 14 }, (_, index) => (index < 7 ? before : after)));

describe('J-5: a mood that drops', () => {
  it.each([
    [8, 6.01, null],
    [8, 6, 0.5],
    [8, 5.2, 0.7],
    [8, 4, 1],
    [10, 1, 1],
    [4, 8, null],
    [null, 2, null],
    [8, null, null],
  ])('from %j to %j gives %j', (before, after, confidence) => {
    const moods = found({ mood: weeks(before, after) }).filter(({ type }) => type === 'mood');
    expect(moods.map((pattern) => pattern.confidence)).toEqual(confidence === null ? [] : [expect.closeTo(confidence, 10)]);
  });

  it('compares 7 days with the 7 before, gaps left out', () => {
    // The eighth day back belongs to the week before, the fifteenth to neither.
    const list = [1, ...Array.from({ length: 6 }, () => null), 8, ...Array.from({ length: 6 }, () => null), 5];
    expect(summary({ mood: upTo(...list) })).toEqual([['mood', ['mood'], 0.75]]);
  });

  it('does not turn on what sums of doubles get wrong', () => {
    const mood = upTo(8.1, 8.2, 8.3, 8.1, 8.2, 8.3, 8.1, 6.1, 6.2, 6.3, 6.1, 6.2, 6.3, 6.1);
    expect(summary({ mood })).toEqual([['mood', ['mood'], 0.5]]);
  });
});

/** Four weeks with one value for each week's day `highs[week]` (0 is the week's first day), all else 5. */
const withDays = (value: number, ...days: (number | null)[]): Map<string, number> =>
  upTo(...Array.from({ length: 28 }, (_, index) => (days[Math.floor(index / 7)] === index % 7 ? value : 5)));
const temporal = (mood: Map<string, number>) => found({ mood }).filter(({ type }) => type === 'temporal');

describe('J-5: a weekday that stands out', () => {
  it.each([
    [[2, 2, 2, 2], 1],
    [[2, 2, 2, 0], 0.75],
    [[2, 2, 0, 1], 0.5],
    [[2, 2, null, null], 0.5],
    [[0, 1, 2, 3], null],
    [[2, null, null, null], null],
    // Two days as often as each other say nothing.
    [[2, 2, 3, 3], null],
  ])('best on %j: %j', (days, share) => {
    expect(temporal(withDays(9, ...days)).map(({ confidence }) => confidence)).toEqual(share === null ? [] : [share]);
  });

  it('is named, best or lowest', () => {
    // 2028-03-03 is a Friday, so each week begins on a Saturday and its third day is a Monday.
    expect(temporal(withDays(9, 2, 2, 2, 2))[0]?.description).toBe('In 4 of the last 4 weeks, Monday was the day of your best mood.');
    expect(temporal(withDays(1, 2, 2, 2, 2))[0]?.description).toBe('In 4 of the last 4 weeks, Monday was the day of your lowest mood.');
  });

  it('names both when both are as sure', () => {
    const mood = withDays(9, 2, 2, 2, 2);
    for (const [index, day] of daysUpTo(lastDay, 28).entries()) if (index % 7 === 6) mood.set(day, 1);
    expect(temporal(mood)[0]?.description).toContain('Monday was the day of your best mood and Friday was the day of your lowest mood');
  });

  it('needs days to compare: one a week is none, two that tie are none', () => {
    const one = withDays(9, 2, 2, 2, 2);
    for (const [day, value] of one) if (value === 5) one.delete(day);
    expect(temporal(one)).toEqual([]);
    expect(temporal(upTo(...Array.from({ length: 28 }, () => 5)))).toEqual([]);
    expect(temporal(new Map())).toEqual([]);
  });
});

describe('J-4: what is told once in 7 days', () => {
  it('is known by its kind and series', () => {
    expect(keyOf({ type: 'correlation', series: ['mood', 'words'] })).toBe('correlation mood words');
  });
});
