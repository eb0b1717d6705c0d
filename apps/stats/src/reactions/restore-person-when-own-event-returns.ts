import { CoreStatUpdated, LifeStatUpdated, StatMilestoneReached } from '@lifeos/contracts';
import type { HandlerContext } from '@lifeos/delivery';
import type { EventOf } from '@lifeos/events';
import { Handles } from '@lifeos/kafka';
import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { restoreEarlierLife } from '../earlier-life/restore-earlier-life.js';

type OwnEvent = EventOf<typeof CoreStatUpdated> | EventOf<typeof LifeStatUpdated> | EventOf<typeof StatMilestoneReached>;

/** Our own events, read back when the database was rebuilt: people of whom nobody else tells anything are restored too. */
@Controller()
export class RestorePersonWhenOwnEventReturns {
  @Handles([CoreStatUpdated, LifeStatUpdated, StatMilestoneReached], {
    name: 'restore-person-when-own-event-returns', versions: '^1.0.0', from: 'beginning', batch: true,
  })
  async handle(@Payload() events: readonly OwnEvent[], @Ctx() { tx }: HandlerContext): Promise<void> {
    await restoreEarlierLife(tx, [...new Set(events.map(({ payload }) => payload.user_id))], 'whole');
  }
}
