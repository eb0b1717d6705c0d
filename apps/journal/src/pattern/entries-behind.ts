import { localDay } from '@lifeos/service';
import type { EntryMark } from '../read-models/series-points.js';
import type { Pattern } from './patterns.js';

const most = 100;

/** E-26: the entries that a pattern rests on, the newest hundred; none when it rests on stats alone. */
export function entriesBehind({ series, days }: Pick<Pattern, 'series' | 'days'>, entries: readonly EntryMark[], timeZone: string): number[] {
  if (!series.includes('mood') && !series.includes('words')) return [];
  const wanted = new Set(days);
  return entries.filter(({ at }) => wanted.has(localDay(at, timeZone))).slice(-most).map(({ entryId }) => entryId);
}
