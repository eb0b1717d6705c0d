import { type AnyEventType, CoreStatUpdated, type CoreStatUpdatedPayload, LifeStatUpdated, type LifeStatUpdatedPayload, StatMilestoneReached, type StatMilestoneReachedPayload } from '@lifeos/contracts';
import type { Queryable } from '@lifeos/postgres';

/** What an earlier life published of a person. */
export type ToldEvent = { readonly eventId: string; readonly at: Date } & (
  | { readonly kind: 'core'; readonly payload: CoreStatUpdatedPayload }
  | { readonly kind: 'life'; readonly payload: LifeStatUpdatedPayload }
  | { readonly kind: 'milestone'; readonly payload: StatMilestoneReachedPayload }
);

interface Row {
  readonly event_id: string;
  readonly seq: string;
  readonly type: string;
  readonly version: string;
  readonly occurred_at: Date;
  readonly payload: Buffer;
}

const kinds = new Map<string, { kind: ToldEvent['kind']; type: AnyEventType }>([
  [CoreStatUpdated.recordName, { kind: 'core', type: CoreStatUpdated }],
  [LifeStatUpdated.recordName, { kind: 'life', type: LifeStatUpdated }],
  [StatMilestoneReached.recordName, { kind: 'milestone', type: StatMilestoneReached }],
]);

const pageSize = 500;

/** A person's events that were put back from the own topic, in their order, page by page. */
export async function* toldEventsOf(tx: Queryable, userId: number): AsyncGenerator<ToldEvent[], void, undefined> {
  for (let after = '0', more = true; more; ) {
    const { rows } = await tx.query<Row>(
      `SELECT event_id, seq, type, version, occurred_at, payload FROM event_log
       WHERE epoch = 0 AND key = $1 AND type = ANY ($2::text[]) AND seq > $3 ORDER BY seq LIMIT ${pageSize}`,
      [String(userId), [...kinds.keys()], after],
    );
    yield rows.flatMap(toldEvent);
    after = rows.at(-1)?.seq ?? after;
    more = rows.length === pageSize;
  }
}

function toldEvent({ event_id: eventId, occurred_at: at, type, version, payload }: Row): ToldEvent[] {
  const known = kinds.get(type);
  return known ? [{ eventId, at, kind: known.kind, payload: known.type.decode(payload, version) } as ToldEvent] : [];
}
