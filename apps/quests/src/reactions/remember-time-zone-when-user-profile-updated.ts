import { UserProfileUpdated } from '@lifeos/contracts';
import type { HandlerContext } from '@lifeos/delivery';
import type { EventOf } from '@lifeos/events';
import { Handles } from '@lifeos/kafka';
import { rememberTimeZones } from '@lifeos/service';
import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';

@Controller()
export class RememberTimeZoneWhenUserProfileUpdated {
  @Handles(UserProfileUpdated, { name: 'remember-time-zone-when-user-profile-updated', versions: '^1.0.0', from: 'beginning', batch: true })
  async handle(@Payload() events: readonly EventOf<typeof UserProfileUpdated>[], @Ctx() context: HandlerContext): Promise<void> {
    await rememberTimeZones(
      context.tx,
      events.map(({ payload }) => ({ userId: payload.user_id, timeZone: payload.updated_fields['time_zone'] })),
    );
  }
}
