import {
  BalanceScoreCalculated, BalanceShiftDetected, ExternalDataReceived, PredictionGenerated, RecommendationCreated, TrendDetected, UserEngagementAnalyzed,
} from '@lifeos/contracts';
import type { HandlerContext } from '@lifeos/delivery';
import type { ConsentListener, EndedConsent } from '@lifeos/service';
import { Injectable } from '@nestjs/common';

/** What stands here only because events of a type may be made or handled. */
const derivedFrom: readonly { readonly eventName: string; readonly statements: readonly string[] }[] = [
  {
    eventName: BalanceScoreCalculated.name,
    statements: [
      ...['balances', 'announced_balances', 'balance_history'].map((table) => `DELETE FROM ${table} WHERE user_id = ANY ($1::bigint[])`),
      `DELETE FROM daily_series WHERE user_id = ANY ($1::bigint[]) AND series = 'balance'`,
    ],
  },
  { eventName: BalanceShiftDetected.name, statements: ['DELETE FROM balance_shifts WHERE user_id = ANY ($1::bigint[])'] },
  { eventName: UserEngagementAnalyzed.name, statements: ['DELETE FROM engagement WHERE user_id = ANY ($1::bigint[])'] },
  { eventName: TrendDetected.name, statements: ['DELETE FROM trends WHERE user_id = ANY ($1::bigint[])'] },
  { eventName: PredictionGenerated.name, statements: ['DELETE FROM predictions WHERE user_id = ANY ($1::bigint[])'] },
  { eventName: RecommendationCreated.name, statements: ['DELETE FROM recommendations WHERE user_id = ANY ($1::bigint[])'] },
  { eventName: ExternalDataReceived.name, statements: [`DELETE FROM daily_series WHERE user_id = ANY ($1::bigint[]) AND series LIKE 'data.%'`] },
];

/** AN-8, V-9: what was derived goes at once; copies of core events stay, they need no consent (V-3). */
@Injectable()
export class DropDerivedWhenConsentEnds implements ConsentListener {
  async consentsEnded(ended: readonly EndedConsent[], { tx }: HandlerContext): Promise<void> {
    for (const { eventName, statements } of derivedFrom) {
      const userIds = ended.filter(({ eventTypes }) => eventTypes.has(eventName)).map(({ user_id }) => user_id);
      if (userIds.length === 0) continue;
      for (const statement of statements) await tx.query(statement, [userIds]);
    }
  }
}
