import { ConsentsBehind, type ConsentGate, type JudgedEvent, type SensitiveEvent, type Verdict } from '@lifeos/delivery';
import type { Queryable, Transaction } from '@lifeos/postgres';
import { appendAudit } from './consent-audit.js';
import { allows, nothingAllowed, type Allowance } from './consent-state.js';
import { isInDoubt, revisionsOf } from './consent-store.js';
import { dataCategoriesOf } from './data-categories.js';

export interface ConsentGateParts {
  readonly service: string;
  readonly database: Queryable;
  /** Whether all that the consents topic holds now is handled. @throws when the broker does not answer. */
  readonly areConsentsRead: () => Promise<boolean>;
}

interface PersonRow extends Allowance {
  readonly user_id: string;
  /** Null: nothing was ever heard of the person. */
  readonly revision: string | null;
  readonly in_doubt: boolean;
}

const waitMs = 100;

/** The gate of a service: asks its own table `consents`. */
export class StoredConsentGate implements ConsentGate {
  constructor(private readonly parts: ConsentGateParts) {}

  /** Waits only as long as the topic holds something that may tell more. */
  async waitBefore(events: readonly SensitiveEvent[]): Promise<{ reason: string; retryAfterMs: number } | null> {
    const wanted = events.filter(({ userId, consentRevision }) => userId !== null && consentRevision !== null);
    if (wanted.length === 0) return null;
    const known = await revisionsOf(this.parts.database, usersOf(wanted));
    const behind = wanted.filter(({ userId, consentRevision }) => (known.get(userId ?? 0) ?? 0) < (consentRevision ?? 0));
    if (behind.length === 0 || (await this.parts.areConsentsRead())) return null;
    return { reason: `Newer consents of ${usersOf(behind).length} people are read first`, retryAfterMs: waitMs };
  }

  async judge(tx: Transaction, events: readonly SensitiveEvent[]): Promise<Verdict[]> {
    const people = await this.peopleOf(tx, usersOf(events));
    return events.map((sensitive) => {
      const { userId } = sensitive;
      return userId === null ? 'user_id_missing' : verdictOn(sensitive, userId, people.get(userId));
    });
  }

  async record(tx: Transaction, judged: readonly JudgedEvent[]): Promise<void> {
    await appendAudit(tx, this.parts.service, judged.map(({ sensitive: { event: { type, eventId }, userId }, refusal }) => ({
      user_id: userId,
      event_type: type.name,
      event_id: eventId,
      purpose: type.purpose,
      data_categories: dataCategoriesOf(type),
      decision: refusal === null ? 'handled' : 'refused',
      reason: refusal ?? 'consent',
    })));
  }

  private async peopleOf(tx: Transaction, userIds: readonly number[]): Promise<ReadonlyMap<number, PersonRow>> {
    const { rows } = await tx.query<PersonRow>(
      `SELECT u.user_id, c.revision, coalesce(c.purposes, '{}') AS purposes, coalesce(c.overrides, '{}') AS overrides, ${isInDoubt('u.user_id')} AS in_doubt
       FROM unnest($1::bigint[]) AS u (user_id) LEFT JOIN consents c USING (user_id)`,
      [userIds],
    );
    return new Map(rows.map((row) => [Number(row.user_id), row]));
  }
}

function verdictOn({ event: { type }, consentRevision }: SensitiveEvent, userId: number, person: PersonRow | undefined): Verdict {
  const revision = Number(person?.revision ?? 0);
  if (person?.in_doubt) return new ConsentsBehind(type.name, userId, 'a change of consent is parked');
  if (consentRevision !== null && consentRevision > revision) {
    return new ConsentsBehind(type.name, userId, `its producer knew consents of revision ${consentRevision}, this service only of ${revision}`);
  }
  return allows(person ?? nothingAllowed, type) ? 'allowed' : 'no_consent';
}

function usersOf(events: readonly SensitiveEvent[]): number[] {
  return [...new Set(events.flatMap(({ userId }) => userId ?? []))];
}
