import { PredictionGenerated, RecommendationCreated } from '@lifeos/contracts';
import type { HandlerContext } from '@lifeos/delivery';
import { derivedEventId, type EventEnvelope } from '@lifeos/events';
import type { Consents } from '@lifeos/service';
import { type Scores, scoresOf } from '../balance/balance.js';
import { loadLifeStats } from '../balance/balance-store.js';
import { balanceSeries } from '../balance/evaluate-balance.js';
import { judgedBefore } from '../read-models/judged-occasions.js';
import { completionsOf } from '../read-models/productivity.js';
import { type Completions, productivityOf } from '../recommendation/productivity.js';
import { mayRepeat, recommend, validForMs } from '../recommendation/recommend.js';
import { type RecommendationRow, recommendedAround, saveRecommendations } from '../recommendation/recommendation-store.js';
import { dayOf, daysAfter } from '../series/days.js';
import { pointsOf } from '../series/series-store.js';
import { daysLookedAt, type Forecast, forecast, horizonDays } from './forecast.js';
import { idFromEvent } from './id-from-event.js';
import { type PredictionRow, savePredictions } from './prediction-store.js';

/** An insight or a trend, after which one looks ahead and recommends something. */
export interface Finding {
  readonly cause: EventEnvelope;
  readonly userId: number;
  /** Series that it rests on; the first ones when it names many. */
  readonly series: readonly [string, ...string[]];
  readonly predictionType: (series: string) => 'trend' | 'stat' | 'balance';
}

interface Dated extends Finding {
  readonly at: Date;
}

/** Series of one finding that are carried on. */
export const seriesForecast = 5;

/** The series that a finding names, none twice; without any it is about the overall balance (AN-6). */
export function seriesOf(named: readonly string[]): [string, ...string[]] {
  const [first, ...others] = [...new Set(named)].slice(0, seriesForecast);
  return first === undefined ? [balanceSeries] : [first, ...others];
}

/** AN-6: forecasts of the series that each finding names, then a recommendation (AN-4), for those who let it be. */
export async function advise(context: HandlerContext, consents: Consents, findings: readonly Finding[]): Promise<void> {
  const { tx } = context;
  const userIds = [...new Set(findings.map(({ userId }) => userId))];
  const predictable = await consents.allowing(tx, PredictionGenerated, userIds);
  const advisable = await consents.allowing(tx, RecommendationCreated, userIds);
  const asked = findings.filter(({ userId }) => predictable.has(userId) || advisable.has(userId)).map((finding) => ({ ...finding, at: finding.cause.timestamp }));
  if (asked.length === 0) return;
  const judged = await judgedBefore(tx, asked);
  const due = asked.filter((_finding, index) => !judged[index]);
  await lookAhead(context, due.filter(({ userId }) => predictable.has(userId)));
  await recommendOn(context, due.filter(({ userId }) => advisable.has(userId)));
}

async function lookAhead(context: HandlerContext, findings: readonly Dated[]): Promise<void> {
  const wanted = findings.flatMap((finding) => finding.series.map((series) => ({ finding, series })));
  if (wanted.length === 0) return;
  const windows = wanted.map(({ finding: { userId, at }, series }) => ({ userId, series, from: daysAfter(dayOf(at), 1 - daysLookedAt), to: dayOf(at) }));
  const points = await pointsOf(context.tx, windows);
  const rows = wanted.flatMap(({ finding, series }, index) => {
    const ahead = forecast(points[index] ?? []);
    return ahead ? [{ cause: finding.cause, row: predictionOf(finding, series, ahead) }] : [];
  });
  for (const { cause, row: { eventId: _id, userId, at: _at, ...told } } of rows) {
    context.raise(PredictionGenerated, { user_id: userId, ...told }, { cause, fact: predictionFact(cause, String(told.forecast_data.series)) });
  }
  await savePredictions(context.tx, rows.map(({ row }) => row));
}

const predictionFact = (cause: EventEnvelope, series: string): string => `${cause.eventId} ${series}`;

function predictionOf({ cause, userId, at, predictionType }: Dated, series: string, { trend, points, interval }: Forecast) {
  const eventId = derivedEventId({ context: PredictionGenerated.context, eventName: PredictionGenerated.name, userId, fact: predictionFact(cause, series) });
  return {
    eventId,
    userId,
    at,
    prediction_id: idFromEvent(eventId),
    prediction_type: predictionType(series),
    forecast_data: { series, trend, points: points.map((point) => ({ ...point })) },
    confidence_interval: interval,
    prediction_horizon_days: horizonDays,
  } satisfies PredictionRow;
}

async function recommendOn(context: HandlerContext, findings: readonly Dated[]): Promise<void> {
  if (findings.length === 0) return;
  const { tx } = context;
  const scores = await scoresOfPeople(tx, findings);
  const completions = await completionsOf(tx, findings.map(({ userId, at }) => ({ userId, day: dayOf(at) })));
  const told = await recommendedAround(tx, findings);
  const rows: RecommendationRow[] = [];
  for (const [index, finding] of findings.entries()) {
    const { cause, userId, at } = finding;
    const row = recommendationOf(finding, scores(userId), completions[index]);
    if (told.some((known) => known.userId === userId && known.action === row.action && !mayRepeat(known.at, at))) continue;
    told.push(row);
    rows.push(row);
    const { eventId: _id, userId: user_id, at: _at, ...payload } = row;
    context.raise(RecommendationCreated, { user_id, ...payload }, { cause, fact: cause.eventId });
  }
  await saveRecommendations(tx, rows);
}

function recommendationOf({ cause, userId, at, series: [series] }: Dated, scores: Scores, completions: Completions | undefined) {
  const { type, ...advice } = recommend({ scores, productivity: completions ? productivityOf(completions) : null, series });
  const eventId = derivedEventId({ context: RecommendationCreated.context, eventName: RecommendationCreated.name, userId, fact: cause.eventId });
  return {
    eventId,
    userId,
    at,
    recommendation_id: idFromEvent(eventId),
    recommendation_type: type,
    ...advice,
    expiry_timestamp: new Date(at.getTime() + validForMs),
  } satisfies RecommendationRow;
}

async function scoresOfPeople(tx: HandlerContext['tx'], findings: readonly Dated[]): Promise<(userId: number) => Scores> {
  const stats = await loadLifeStats(tx, findings.map(({ userId }) => userId));
  return (userId) => scoresOf(stats.filter((stat) => stat.userId === userId));
}
