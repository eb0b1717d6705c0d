import { UserRegistered } from '@lifeos/contracts';
import type { HandlerContext } from '@lifeos/delivery';
import type { EventOf } from '@lifeos/events';
import { Handles } from '@lifeos/kafka';
import { rememberTimeZones } from '@lifeos/service';
import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';

@Controller()
export class RememberTimeZoneWhenUserRegistered {
  @Handles(UserRegistered, { name: 'remember-time-zone-when-user-registered', versions: '^1.0.0', from: 'beginning', batch: true })
  async handle(@Payload() events: readonly EventOf<typeof UserRegistered>[], @Ctx() { tx }: HandlerContext): Promise<void> {
    await rememberTimeZones(tx, events.map(({ payload }) => ({ userId: payload.user_id, timeZone: payload.time_zone })));
  }
}
