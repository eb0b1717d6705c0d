import { isoOf } from './apple-time.js';
import type { FileRow } from './file-format.js';

interface Night {
  readonly line: number;
  /** Asleep by source: a watch and a phone tell of the same sleep. */
  readonly msBySource: Map<string, number>;
  lastEnd: number;
}

/** More nights than a life has, and more devices than a person wears: beyond it rows are refused, so that memory stays bounded. */
const mostNights = 40_000;
const mostSources = 20;
const longestSegmentMs = 86_400_000;

/** Adds the segments of sleep up to hours a night; the night is the day of waking, where the person was. */
export class Nights {
  private readonly byDay = new Map<string, Night>();

  /** Returns what is wrong with the record; null when it was taken, or tells of no sleep. */
  add({ value = '', startDate, endDate, sourceName = '' }: Readonly<Record<string, string>>, line: number): string | null {
    if (!/Asleep/.test(value)) return /InBed|Awake/.test(value) ? null : 'the sleep record has no known value';
    const [start, end] = [isoOf(startDate), isoOf(endDate)];
    if (start === null || end === null) return 'the sleep record has no startDate or no endDate';
    const [from, to] = [Date.parse(start), Date.parse(end)];
    if (to < from || to - from > longestSegmentMs) return 'the sleep record ends before it begins, or lasts longer than a day';
    return this.count(end.slice(0, 10), { line, source: sourceName.slice(0, 100), ms: to - from, end: to });
  }

  rows(): FileRow[] {
    return [...this.byDay.values()].map(({ line, msBySource, lastEnd }) => ({
      line,
      point: { metric: 'sleep.hours', value: Math.max(...msBySource.values()) / 3_600_000, unit: 'h', recorded_at: new Date(lastEnd) },
    }));
  }

  private count(day: string, { line, source, ms, end }: { line: number; source: string; ms: number; end: number }): string | null {
    const night = this.byDay.get(day) ?? { line, msBySource: new Map<string, number>(), lastEnd: end };
    const isNew = !this.byDay.has(day);
    if (isNew && this.byDay.size >= mostNights) return `the file tells of more than ${mostNights} nights`;
    if (!night.msBySource.has(source) && night.msBySource.size >= mostSources) return `more than ${mostSources} sources tell of this night`;
    this.byDay.set(day, night);
    night.msBySource.set(source, (night.msBySource.get(source) ?? 0) + ms);
    night.lastEnd = Math.max(night.lastEnd, end);
    return null;
  }
}
