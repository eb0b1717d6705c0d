import { BalanceScoreCalculated } from '@lifeos/contracts';
import type { Transaction } from '@lifeos/postgres';
import type { Raise } from '@lifeos/service';
import { scoresOf } from './balance.js';
import { isNews } from './balance-state.js';
import { loadBalances, loadLifeStats, saveAnnounced } from './balance-store.js';
import { payloadOf } from './evaluate-balance.js';

export type BalanceAnswer = { readonly consented: false } | ({ readonly consented: true; readonly calculation_timestamp: Date } & ReturnType<typeof payloadOf>);

/**
 * AN-2: reckons one person's balance on demand and tells of it when it was never told, or moved since.
 * What shifts are measured by is kept from events alone, so that looking changes nothing.
 */
export async function answerBalance({ tx, raise }: { tx: Transaction; raise: Raise }, userId: number, now: Date): Promise<BalanceAnswer> {
  const scores = scoresOf(await loadLifeStats(tx, [userId]));
  const { announced = null } = (await loadBalances(tx, [{ userId, from: now, to: now }])).get(userId) ?? {};
  const calculation_timestamp = now;
  if (!announced || isNews({ announced }, scores)) {
    raise(BalanceScoreCalculated, { user_id: userId, ...payloadOf(scores), calculation_timestamp }, now);
    await saveAnnounced(tx, [{ userId, scores, at: announced && announced.at > now ? announced.at : now }]);
  }
  return { consented: true, ...payloadOf(scores), calculation_timestamp };
}
