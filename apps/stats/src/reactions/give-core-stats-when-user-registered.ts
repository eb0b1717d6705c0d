import { UserRegistered } from '@lifeos/contracts';
import type { HandlerContext } from '@lifeos/delivery';
import type { EventOf } from '@lifeos/events';
import { Handles } from '@lifeos/kafka';
import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { addMissingStats } from '../core-stats/stat-store.js';

@Controller()
export class GiveCoreStatsWhenUserRegistered {
  @Handles(UserRegistered, { name: 'give-core-stats-when-user-registered', versions: '^1.0.0', from: 'beginning', batch: true })
  async handle(@Payload() events: readonly EventOf<typeof UserRegistered>[], @Ctx() context: HandlerContext): Promise<void> {
    await addMissingStats(context.tx, events.map(({ payload }) => payload.user_id));
  }
}
