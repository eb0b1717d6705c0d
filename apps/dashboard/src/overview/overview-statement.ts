import { BalanceScoreCalculated, BalanceShiftDetected, TrendDetected } from '@lifeos/contracts';
import type { PreparedStatement } from '@lifeos/postgres';
import { derivedList } from '../consented/derived-facts.js';
import type { Fact } from '../home/home-statement.js';
import { lifeStatDays, lifeStats, type LifeStat, type LifeStatDay } from '../read-models/life-stats.js';
import { asList } from '../read-models/rows.js';

export interface OverviewRow {
  readonly values: readonly LifeStat[];
  readonly days: readonly LifeStatDay[];
  readonly trends: readonly (Fact & { readonly stat_name: string; readonly trend_type: string })[];
  readonly balance: readonly Fact[];
  readonly shifts: readonly (Fact & { readonly shift_type: string; readonly severity: string })[];
}

const now = '$4::timestamptz';
const lastWeek = `f.at > ${now} - interval '7 days'`;

/** D-8 of the person `$1`, the area `$2`, days from `$3` on, at the time `$4`. A trend that goes on is told every day. */
export const overviewStatement: PreparedStatement = {
  name: 'dashboard overview',
  text: `SELECT ${asList(`SELECT * FROM (${lifeStats}) AS s WHERE category = $2`)} AS values, ${asList(lifeStatDays)} AS days,
    ${derivedList(TrendDetected, { limit: 50, now, where: `starts_with(f.subject, $2 || '.') AND ${lastWeek}` })} AS trends,
    ${derivedList(BalanceScoreCalculated, { limit: 1, now })} AS balance,
    ${derivedList(BalanceShiftDetected, { limit: 1, now, where: `f.subject = $2 AND ${lastWeek}` })} AS shifts`,
};
