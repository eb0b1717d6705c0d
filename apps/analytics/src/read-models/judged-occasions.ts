import { RecommendationCreated } from '@lifeos/contracts';
import type { Queryable } from '@lifeos/postgres';
import { validForMs } from '../recommendation/recommend.js';

/**
 * Which occasions an earlier life of this service has judged already, in the order given. There each
 * one led to a recommendation, or had one within 7 days beside it; so what has none beside it is new.
 * Judged again, with topics read in another order, it might come to another outcome.
 */
export async function judgedBefore(db: Queryable, occasions: readonly { readonly userId: number; readonly at: Date }[]): Promise<boolean[]> {
  const { rows } = await db.query<{ judged: boolean }>(
    `SELECT EXISTS (SELECT FROM event_log WHERE epoch = 0 AND key = occasion.key AND type = $2 AND occurred_at > from_at AND occurred_at < to_at) AS judged
     FROM unnest($1::text[], $3::timestamptz[], $4::timestamptz[]) WITH ORDINALITY AS occasion (key, from_at, to_at, place) ORDER BY place`,
    [
      occasions.map(({ userId }) => String(userId)),
      RecommendationCreated.recordName,
      occasions.map(({ at }) => new Date(at.getTime() - validForMs)),
      occasions.map(({ at }) => new Date(at.getTime() + validForMs)),
    ],
  );
  return rows.map(({ judged }) => judged);
}
