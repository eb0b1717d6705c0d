import { BalanceShiftDetected, ExternalDataReceived, InsightGenerated, PatternDetected, TrendDetected } from '@lifeos/contracts';
import type { HandlerContext } from '@lifeos/delivery';
import type { Queryable } from '@lifeos/postgres';
import type { ConsentListener, EndedConsent } from '@lifeos/service';
import { Injectable } from '@nestjs/common';
import { forgetSeries } from '../read-models/series-points.js';
import { dataPrefix, trendPrefix } from '../series/series.js';

type Forget = (tx: Queryable, userIds: readonly number[]) => Promise<unknown>;

const forgetInsights = (type: string): Forget => (tx, userIds) =>
  tx.query('DELETE FROM insights WHERE user_id = ANY ($1::bigint[]) AND insight_type = $2', [userIds, type]);

/** By the event that may no longer be made or handled: what goes with it (V-9). */
const derived: readonly (readonly [string, readonly Forget[]])[] = [
  [InsightGenerated.name, [(tx, userIds) => tx.query('DELETE FROM insights WHERE user_id = ANY ($1::bigint[])', [userIds])]],
  [PatternDetected.name, [(tx, userIds) => tx.query('DELETE FROM patterns WHERE user_id = ANY ($1::bigint[])', [userIds])]],
  [TrendDetected.name, [forgetInsights('trend'), (tx, userIds) => forgetSeries(tx, userIds, trendPrefix)]],
  [BalanceShiftDetected.name, [forgetInsights('balance')]],
  [ExternalDataReceived.name, [(tx, userIds) => forgetSeries(tx, userIds, dataPrefix)]],
];

/** V-9, F-7: entries and prompts are core and stay. */
@Injectable()
export class ForgetFindingsWhenConsentEnds implements ConsentListener {
  async consentsEnded(ended: readonly EndedConsent[], { tx }: HandlerContext): Promise<void> {
    for (const [eventType, forget] of derived) {
      const userIds = ended.filter(({ eventTypes }) => eventTypes.has(eventType)).map(({ user_id }) => user_id);
      if (userIds.length === 0) continue;
      for (const step of forget) await step(tx, userIds);
    }
  }
}
