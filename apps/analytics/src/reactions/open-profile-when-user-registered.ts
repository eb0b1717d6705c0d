import { UserRegistered } from '@lifeos/contracts';
import type { HandlerContext } from '@lifeos/delivery';
import type { EventOf } from '@lifeos/events';
import { Handles } from '@lifeos/kafka';
import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { openProfiles } from '../read-models/profiles.js';

/** E-1: an empty profile. */
@Controller()
export class OpenProfileWhenUserRegistered {
  @Handles(UserRegistered, { name: 'open-profile-when-user-registered', versions: '^1.0.0', from: 'beginning', batch: true })
  async handle(@Payload() events: readonly EventOf<typeof UserRegistered>[], @Ctx() { tx }: HandlerContext): Promise<void> {
    await openProfiles(tx, events.map(({ payload }) => ({ userId: payload.user_id, registeredAt: payload.registration_timestamp })));
  }
}
