import { UserEngagementAnalyzed } from '@lifeos/contracts';
import type { HandlerContext } from '@lifeos/delivery';
import type { EventOf } from '@lifeos/events';
import { Handles } from '@lifeos/kafka';
import { CONSENTS, type Consents } from '@lifeos/service';
import { Controller, Inject } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { saveEngagement } from '../engagement/engagement-store.js';
import { allowedOf } from '../privacy/allowed-of.js';

/** Our own event, read back when the database was rebuilt; in everyday running it finds what it tells. */
@Controller()
export class RestoreEngagementWhenUserEngagementAnalyzed {
  constructor(@Inject(CONSENTS) private readonly consents: Consents) {}

  @Handles(UserEngagementAnalyzed, { name: 'restore-engagement-when-user-engagement-analyzed', versions: '^1.0.0', from: 'beginning', batch: true })
  async handle(@Payload() events: readonly EventOf<typeof UserEngagementAnalyzed>[], @Ctx() context: HandlerContext): Promise<void> {
    await saveEngagement(
      context.tx,
      (await allowedOf(context.tx, this.consents, events)).map(({ eventId, timestamp: at, payload: { user_id: userId, ...analysis } }) => ({ eventId, userId, at, ...analysis })),
    );
  }
}
