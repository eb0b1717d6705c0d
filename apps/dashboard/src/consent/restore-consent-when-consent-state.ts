import { ConsentState } from '@lifeos/contracts';
import type { HandlerContext } from '@lifeos/delivery';
import type { EventOf } from '@lifeos/events';
import { Handles } from '@lifeos/kafka';
import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { consentFrom, saveConsents } from './consent-settings.js';

/** Our own record, read back when the database was rebuilt: else the next change would have a revision that every service has seen already. */
@Controller()
export class RestoreConsentWhenConsentState {
  @Handles(ConsentState, { name: 'restore-consent-when-consent-state', versions: '^1.0.0', from: 'beginning', batch: true })
  async handle(@Payload() events: readonly EventOf<typeof ConsentState>[], @Ctx() { tx }: HandlerContext): Promise<void> {
    const newest = new Map<number, EventOf<typeof ConsentState>['payload']>();
    for (const { payload } of events) if (payload.revision > (newest.get(payload.user_id)?.revision ?? 0)) newest.set(payload.user_id, payload);
    await saveConsents(tx, [...newest].map(([userId, state]) => ({ userId, consent: consentFrom(state) })));
  }
}
