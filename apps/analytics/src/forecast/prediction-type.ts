import { balanceSeries } from '../balance/evaluate-balance.js';

const statNames: ReadonlySet<string> = new Set(['strength', 'endurance', 'agility', 'intelligence', 'wisdom', 'charisma']);
const lifeStat = /^(health|wealth|relationships)\./;

/** What a forecast of a series is called: of a stat, of the balance, or of any other series a trend. */
export function predictionTypeOf(series: string): 'stat' | 'balance' | 'trend' {
  if (series === balanceSeries) return 'balance';
  return statNames.has(series) || lifeStat.test(series) ? 'stat' : 'trend';
}
