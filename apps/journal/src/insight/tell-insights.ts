import { InsightGenerated } from '@lifeos/contracts';
import type { HandlerContext } from '@lifeos/delivery';
import { derivedEventId, type EventEnvelope } from '@lifeos/events';
import type { Consents } from '@lifeos/service';
import { type InsightRow, insertInsights } from '../read-models/findings.js';
import { judgedUntil, toldAlready } from '../read-models/own-events.js';
import { drawIds } from '../read-models/own-ids.js';
import type { Insight } from './insights.js';

/** An insight that an event gave. */
export interface CausedInsight {
  readonly cause: EventEnvelope;
  readonly userId: number;
  readonly insight: Insight;
}

const factOf = (cause: EventEnvelope): string => `${cause.type.name} ${cause.eventId}`;

/** Keeps and tells what a batch of events gave to people who allow it (V-4); each cause once. */
export async function tellInsights(context: HandlerContext, consents: Consents, caused: readonly CausedInsight[]): Promise<void> {
  const { tx } = context;
  if (caused.length === 0) return;
  const allowing = await consents.allowing(tx, InsightGenerated, [...new Set(caused.map(({ userId }) => userId))]);
  const allowed = caused
    .filter(({ userId }) => allowing.has(userId))
    .map((one) => ({ ...one, eventId: derivedEventId({ context: 'journal', eventName: InsightGenerated.name, userId: one.userId, fact: factOf(one.cause) }) }));
  const told = await toldAlready(tx, allowed.map(({ eventId }) => eventId));
  const judged = await judgedUntil(tx, InsightGenerated, allowed.map(({ userId }) => userId));
  const isNews = ({ userId, cause }: CausedInsight): boolean => cause.timestamp > (judged.get(userId) ?? new Date(0));
  const fresh = allowed.filter((one) => !told.has(one.eventId) && isNews(one));
  if (fresh.length === 0) return;
  const ids = await drawIds(tx, 'insight_ids', fresh.length);
  const rows = fresh.map(({ eventId, userId, insight, cause }, index): InsightRow & { cause: EventEnvelope; insight: Insight } => ({
    ...{ eventId, userId, insight, cause, insightId: ids[index] ?? 0, at: cause.timestamp, entries: [] },
    ...{ type: insight.type, content: insight.content, confidence: insight.confidence, series: insight.series },
  }));
  await insertInsights(tx, rows);
  for (const { userId: user_id, insightId: insight_id, insight, cause } of rows) {
    const { type: insight_type, content, confidence: confidence_score, series: related_series } = insight;
    context.raise(InsightGenerated, { user_id, insight_id, insight_type, content, confidence_score, source_entries: [], related_series }, { cause, fact: factOf(cause) });
  }
}
