import { daysUpTo, weekdayOf } from '../series/days.js';
import { labelOf, listed } from '../series/naming.js';
import { type DailySeries, type DailyValues, trendPrefix } from '../series/series.js';
import { correlate, rounded } from './pearson.js';

/** Something that series show. */
export interface Pattern {
  readonly type: 'correlation' | 'mood' | 'temporal';
  /** Series that it rests on, sorted. */
  readonly series: readonly string[];
  /** 0 … 1. */
  readonly confidence: number;
  /** What was seen. */
  readonly description: string;
  /** Days that it rests on. */
  readonly days: readonly string[];
}

export const windowDays = 30;
const leastCommonDays = 14;
const leastConfidence = 0.5;
const leastDrop = 2;
const surestDrop = 4;
const weeks = 4;
const weekdays = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];

/** What tells a pattern apart from others of the same person; it is told once in 7 days. */
export const keyOf = ({ type, series }: { readonly type: string; readonly series: readonly string[] }): string => `${type} ${series.join(' ')}`;

/** J-4, J-5: what the days up to and including `lastDay` show, surest first. */
export function patternsIn(series: DailySeries, lastDay: string): Pattern[] {
  const mood = series.get('mood') ?? new Map<string, number>();
  return [...correlationsIn(series, lastDay), ...moodDropIn(mood, lastDay), ...weekdaysIn(mood, lastDay)]
    .filter(({ confidence }) => confidence >= leastConfidence)
    .sort((a, b) => b.confidence - a.confidence || (keyOf(a) < keyOf(b) ? -1 : 1));
}

/** J-4. */
function correlationsIn(series: DailySeries, lastDay: string): Pattern[] {
  const window = new Set(daysUpTo(lastDay, windowDays));
  const candidates = [...series]
    .filter(([name]) => !name.startsWith(trendPrefix))
    .map(([name, values]) => ({ name, values: new Map([...values].filter(([day]) => window.has(day))) }))
    .filter(({ values }) => values.size >= leastCommonDays)
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  return candidates.flatMap((one, index) => candidates.slice(index + 1).flatMap((other) => correlationOf(one, other)));
}

interface Named {
  readonly name: string;
  readonly values: DailyValues;
}

function correlationOf(one: Named, other: Named): Pattern[] {
  const found = correlate(one.values, other.values);
  if (!found || found.days.length < leastCommonDays) return [];
  const { r, days } = found;
  const direction = r > 0 ? 'rise and fall together' : 'move in opposite directions';
  const description = `On ${days.length} days of the last ${windowDays}, ${labelOf(one.name)} and ${labelOf(other.name)} ${direction} (r = ${r.toFixed(2)}).`;
  return [{ type: 'correlation', series: [one.name, other.name], confidence: rounded(Math.abs(r) * Math.min(1, days.length / windowDays)), description, days }];
}

/** J-5: the last 7 days against the 7 before. */
function moodDropIn(mood: DailyValues, lastDay: string): Pattern[] {
  const days = daysUpTo(lastDay, 14).filter((day) => mood.has(day));
  const lastWeek = new Set(daysUpTo(lastDay, 7));
  const before = meanOf(mood, days.filter((day) => !lastWeek.has(day)));
  const now = meanOf(mood, days.filter((day) => lastWeek.has(day)));
  const drop = rounded(before - now);
  if (!(drop >= leastDrop)) return [];
  const description = `Over the last 7 days your mood was ${now.toFixed(1)} on average, after ${before.toFixed(1)} in the 7 days before.`;
  return [{ type: 'mood', series: ['mood'], confidence: Math.min(1, drop / surestDrop), description, days }];
}

/** NaN, which is never a drop, when there is no day. */
const meanOf = (mood: DailyValues, days: readonly string[]): number => days.reduce((sum, day) => sum + (mood.get(day) ?? 0), 0) / days.length;

/** J-5: one weekday that is the best, or the worst, of most of the last four weeks. */
function weekdaysIn(mood: DailyValues, lastDay: string): Pattern[] {
  const days = daysUpTo(lastDay, 7 * weeks);
  const ofWeek = (week: number): string[] => days.slice(week * 7, week * 7 + 7).filter((day) => mood.has(day));
  const each = Array.from({ length: weeks }, (_, week) => ofWeek(week));
  const value = (day: string): number => mood.get(day) ?? 0;
  const found = [
    { word: 'best', ...mostOften(each.map((week) => only(week, (day) => value(day)))) },
    { word: 'lowest', ...mostOften(each.map((week) => only(week, (day) => -value(day)))) },
  ];
  const share = Math.max(...found.map(({ times }) => times)) / weeks;
  if (share === 0) return [];
  const surest = found.flatMap(({ word, times, weekday }) => (times / weeks === share ? [`${weekdays[weekday] ?? ''} was the day of your ${word} mood`] : []));
  const description = `In ${share * weeks} of the last ${weeks} weeks, ${listed(surest)}.`;
  return [{ type: 'temporal', series: ['mood'], confidence: share, description, days: each.flat() }];
}

/** The weekday that stands out alone in its week; null when none does. */
function only(week: readonly string[], rank: (day: string) => number): number | null {
  const highest = Math.max(...week.map(rank));
  const top = week.filter((day) => rank(day) === highest);
  return top.length === 1 && week.length > 1 && top[0] !== undefined ? weekdayOf(top[0]) : null;
}

function mostOften(found: readonly (number | null)[]): { weekday: number; times: number } {
  const times = new Map<number, number>();
  for (const weekday of found) if (weekday !== null) times.set(weekday, (times.get(weekday) ?? 0) + 1);
  const [first, second] = [...times].sort(([, a], [, b]) => b - a);
  // Two weekdays that come up as often as each other say nothing of either.
  return first && first[1] !== second?.[1] ? { weekday: first[0], times: first[1] } : { weekday: 0, times: 0 };
}
