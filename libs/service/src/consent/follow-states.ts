import type { ConsentStatePayload } from '@lifeos/contracts';
import type { EventEnvelope } from '@lifeos/events';
import type { EndedConsent } from './consent-listener.js';
import { changesBetween, endedBetween, nothingAllowed, type Allowance, type ConsentChange } from './consent-state.js';

/** What a person allows, with the revision that says so. */
export interface KnownState extends Allowance {
  readonly user_id: number;
  readonly revision: number;
  readonly changed_at: Date;
}

export interface FollowedStates {
  /** The newest state of each person of whom something was news. */
  readonly states: readonly KnownState[];
  readonly changes: readonly { readonly userId: number; readonly cause: EventEnvelope; readonly change: ConsentChange }[];
  /** In the order in which it ended; what was granted again right afterwards has ended nevertheless (V-9). */
  readonly ended: readonly EndedConsent[];
}

/** Goes through states in the order in which they came; a revision that is not above the known one is no news. */
export function followStates(known: ReadonlyMap<number, KnownState>, events: readonly EventEnvelope<ConsentStatePayload>[]): FollowedStates {
  const newest = new Map<number, KnownState>();
  const changes: FollowedStates['changes'][number][] = [];
  const ended: EndedConsent[] = [];
  for (const cause of events) {
    const { user_id, revision, purposes, event_type_overrides: overrides, changed_at } = cause.payload;
    const before = newest.get(user_id) ?? known.get(user_id);
    if (before !== undefined && before.revision >= revision) continue;
    const after = { user_id, revision, purposes, overrides, changed_at };
    for (const change of changesBetween(before ?? nothingAllowed, after)) changes.push({ userId: user_id, cause, change });
    const lost = endedBetween(before ?? nothingAllowed, after, { userId: user_id, cause });
    if (lost !== null) ended.push(lost);
    newest.set(user_id, after);
  }
  return { states: [...newest.values()], changes, ended };
}
