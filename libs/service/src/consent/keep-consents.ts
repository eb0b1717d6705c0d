import { ConsentState } from '@lifeos/contracts';
import type { HandlerContext } from '@lifeos/delivery';
import type { EventOf } from '@lifeos/events';
import { Handles } from '@lifeos/kafka';
import { Controller, Inject } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { CONSENT_LISTENERS, SERVICE_NAME } from '../tokens.js';
import { appendAudit, type AuditEntry } from './consent-audit.js';
import type { ConsentListener } from './consent-listener.js';
import { knownStates, keepConsentsHandler, storeStates } from './consent-store.js';
import { dataCategoriesOf } from './data-categories.js';
import { followStates, type FollowedStates } from './follow-states.js';

/**
 * What every service does with the consents topic (V-8): keeps the newest state of each person, and tells
 * its listeners what has ended. All in one transaction, under the people's key locks.
 */
@Controller()
export class KeepConsents {
  constructor(
    @Inject(SERVICE_NAME) private readonly service: string,
    @Inject(CONSENT_LISTENERS) private readonly listeners: () => readonly ConsentListener[],
  ) {}

  @Handles(ConsentState, { name: keepConsentsHandler, versions: '^1.0.0', from: 'beginning', batch: true, timeoutMs: 30_000 })
  async handle(@Payload() events: readonly EventOf<typeof ConsentState>[], @Ctx() context: HandlerContext): Promise<void> {
    const { tx } = context;
    requireOwnKeys(events);
    const known = await knownStates(tx, [...new Set(events.map(({ payload }) => payload.user_id))]);
    const { states, changes, ended } = followStates(known, events);
    await storeStates(tx, states);
    await appendAudit(tx, this.service, changes.map(entryOf));
    if (ended.length > 0) for (const listener of this.listeners()) await listener.consentsEnded(ended, context);
  }
}

function entryOf({ userId, cause, change: { eventType, purpose, isAllowed, reason } }: FollowedStates['changes'][number]): AuditEntry {
  return {
    user_id: userId,
    event_type: eventType?.name ?? ConsentState.name,
    event_id: cause.eventId,
    purpose,
    data_categories: eventType === null ? [] : dataCategoriesOf(eventType),
    decision: isAllowed ? 'allowed' : 'ended',
    reason,
  };
}

/** The lock that is held is that of the key. */
function requireOwnKeys(events: readonly EventOf<typeof ConsentState>[]): void {
  const strange = events.find(({ key, payload }) => key !== String(payload.user_id));
  if (strange) throw new Error(`Consents of user ${strange.payload.user_id} came under the key ${strange.key}`);
}
