import { daysAfter } from '../series/days.js';
import { dailySeries } from '../series/series.js';
import { veryLowDaysInARow, veryLowMoodAtMost } from './prompts.js';

/** J-8: how many days in a row, up to and including `day`, had a very low mood on average; counted no further than matters. */
export function veryLowDaysUpTo(day: string, moods: readonly { readonly at: Date; readonly mood: number }[], timeZone: string): number {
  const values = dailySeries(moods.map(({ at, mood }) => ({ series: 'mood', at, value: mood })), timeZone).get('mood');
  let count = 0;
  while (count < veryLowDaysInARow && (values?.get(daysAfter(day, -count)) ?? Number.POSITIVE_INFINITY) <= veryLowMoodAtMost) count += 1;
  return count;
}
