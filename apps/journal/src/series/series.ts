import { localDay } from '@lifeos/service';

/** Something about a person at one time. */
export interface Sample {
  /** As `related_series` names it: mood, words, strength, health.physical, data.sleep … */
  readonly series: string;
  readonly at: Date;
  readonly value: number;
}

/** Values of one series by day, YYYY-MM-DD; a day without any is a gap, not 0. */
export type DailyValues = ReadonlyMap<string, number>;

/** Several series of one person by name. */
export type DailySeries = ReadonlyMap<string, DailyValues>;

/** How trends are kept: the confidence, negative for a decrease. No pairs are looked for here: a trend says again what its stat says. */
export const trendPrefix = 'trend.';

export function signedConfidence({ trend_type, confidence_score }: { readonly trend_type: string; readonly confidence_score: number }): number {
  if (trend_type === 'stable') return 0;
  return trend_type === 'decreasing' ? -confidence_score : confidence_score;
}

export const dataPrefix = 'data.';

type Kind = 'mean' | 'sum' | 'last';

const kinds: ReadonlyMap<string, Kind> = new Map([
  ['mood', 'mean'],
  ['words', 'sum'],
  ['habit_completions', 'sum'],
  ['quest_completions', 'sum'],
]);

/** What a day's value is made of: all that was counted, the mean of moods, the last state of anything else. */
export const kindOf = (series: string): Kind => kinds.get(series) ?? (series.startsWith(dataPrefix) ? 'sum' : 'last');

/** Days of a person (J-3). Habits name the day themselves; everything else happens at an instant. */
export function dailySeries(samples: readonly Sample[], timeZone: string): DailySeries {
  const dayOf = rememberingDays(timeZone);
  const grouped = new Map<string, Map<string, Sample[]>>();
  for (const sample of samples) {
    const day = sample.series === 'habit_completions' ? sample.at.toISOString().slice(0, 10) : dayOf(sample.at);
    const days = grouped.get(sample.series) ?? new Map<string, Sample[]>();
    const sameDay = days.get(day) ?? [];
    sameDay.push(sample);
    grouped.set(sample.series, days.set(day, sameDay));
  }
  return new Map([...grouped].map(([series, days]) => [series, new Map([...days].map(([day, all]) => [day, valueOf(series, all)]))]));
}

function valueOf(series: string, samples: readonly Sample[]): number {
  const kind = kindOf(series);
  if (kind === 'last') return samples.reduce((last, next) => (next.at >= last.at ? next : last)).value;
  const sum = samples.reduce((total, { value }) => total + value, 0);
  return kind === 'sum' ? sum : sum / samples.length;
}

// Telling the day costs microseconds, and many samples share a quarter of an hour.
function rememberingDays(timeZone: string): (at: Date) => string {
  const known = new Map<number, string>();
  return (at) => {
    const day = known.get(at.getTime()) ?? localDay(at, timeZone);
    known.set(at.getTime(), day);
    return day;
  };
}
