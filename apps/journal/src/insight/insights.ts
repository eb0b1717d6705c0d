import type { Pattern } from '../pattern/patterns.js';
import { areaOf, labelOf, listed } from '../series/naming.js';

export type InsightType = 'pattern' | 'correlation' | 'mood' | 'trend' | 'balance';

/** A finding worded as advice, before it has an id. */
export interface Insight {
  readonly type: InsightType;
  readonly content: string;
  /** Above 0.7, at most 1. */
  readonly confidence: number;
  readonly series: readonly string[];
}

/** J-6: strictly above. */
const threshold = 0.7;

interface Wording {
  readonly areas: readonly string[];
  /** What was measured. */
  readonly observation: string;
  /** What it may mean: told apart from what was seen. */
  readonly interpretation: string;
  readonly action: string;
}

const worded = ({ areas, observation, interpretation, action }: Wording): string =>
  `About ${listed(areas)}. Observation: ${observation} Interpretation: ${interpretation} One thing to do: ${action}`;

const actions: ReadonlyMap<string, string> = new Map([
  ['mood', 'note this evening what did you good today.'],
  ['writing', 'write three lines today, on whatever comes first.'],
  ['habits', 'pick the one habit that costs you least and do it today.'],
  ['quests', 'choose the one quest that matters most this week.'],
  ['health', 'plan one easy thing for your health today, such as a walk or an earlier night.'],
  ['wealth', 'take ten minutes this week for the one thing about work or money that is on your mind.'],
  ['relationships', 'write to one person today whom you have not heard of for a while.'],
  ['core stats', 'give the stat that you care about most one small task this week.'],
]);

const actionFor = (area: string | undefined): string => actions.get(area ?? '') ?? 'write a few lines on what may lie behind it.';

const interpretations: Readonly<Record<Pattern['type'], string>> = {
  correlation: 'the two may be connected; numbers do not tell which leads to the other, or whether a third thing moves both.',
  mood: 'something may weigh on you, or it was simply a hard week; you know better than any number.',
  temporal: 'what that day usually brings may make the difference.',
};

const typeOfPattern = { correlation: 'correlation', mood: 'mood', temporal: 'pattern' } as const;

/** J-6: null when the pattern is not sure enough. */
export function insightFromPattern({ type, series, confidence, description }: Pattern): Insight | null {
  if (!(confidence > threshold)) return null;
  const areas = series.map(areaOf);
  // Of two series, the one that a person can act on: moods cannot be willed.
  const area = areas.find((candidate) => candidate !== 'mood') ?? areas[0];
  const content = worded({ areas, observation: description, interpretation: interpretations[type], action: actionFor(area) });
  return { type: typeOfPattern[type], content, confidence, series };
}

/** A trend as stats tells it (E-8). */
export interface Trend {
  readonly stat_name: string;
  readonly trend_type: string;
  readonly confidence_score: number;
  readonly duration_days: number;
}

/** J-6: null when the trend is not sure enough. */
export function insightFromTrend({ stat_name, trend_type, confidence_score: confidence, duration_days }: Trend): Insight | null {
  if (!(confidence > threshold)) return null;
  const area = areaOf(stat_name);
  const content = worded({
    areas: [area],
    observation: `over ${duration_days} days, ${labelOf(stat_name)} is ${trend_type}.`,
    interpretation: trend_type === 'decreasing' ? 'it may need some attention, or you have put your strength elsewhere.' : 'what you do there seems to carry.',
    action: actionFor(area),
  });
  return { type: 'trend', content, confidence, series: [stat_name] };
}

/** A shift as analytics tells it (E-36). */
export interface BalanceShift {
  readonly shift_type: string;
  readonly affected_areas: readonly string[];
  readonly severity: string;
  readonly recommended_actions: readonly string[];
}

// J-6.
const severityAsConfidence: ReadonlyMap<string, number> = new Map([['low', 0.6], ['moderate', 0.75], ['high', 0.9]]);

const shifts: ReadonlyMap<string, { seen: string; meaning: string }> = new Map([
  ['decline', { seen: 'went down clearly within a week', meaning: 'less may have gone well there, or less was recorded.' }],
  ['improvement', { seen: 'went up clearly within a week', meaning: 'what you changed there seems to work.' }],
  ['imbalance', { seen: 'stand far apart from the rest', meaning: 'one part of life may be paying for another.' }],
]);

/** J-6: null when the shift is not severe enough. */
export function insightFromShift({ shift_type, affected_areas, severity, recommended_actions }: BalanceShift): Insight | null {
  const confidence = severityAsConfidence.get(severity) ?? 0;
  if (!(confidence > threshold)) return null;
  const { seen, meaning } = shifts.get(shift_type) ?? { seen: `show a shift (${shift_type})`, meaning: 'something has changed there.' };
  const content = worded({
    areas: affected_areas,
    observation: `your scores for ${listed(affected_areas)} ${seen}.`,
    interpretation: meaning,
    action: recommended_actions.find((action) => action.trim() !== '') ?? actionFor(affected_areas[0]),
  });
  return { type: 'balance', content, confidence, series: [] };
}
