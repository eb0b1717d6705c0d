import { UserRegistered } from '@lifeos/contracts';
import type { HandlerContext } from '@lifeos/delivery';
import type { EventOf } from '@lifeos/events';
import { Handles } from '@lifeos/kafka';
import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { passUserId } from '../user/user-store.js';

/** Our own event, read back when the database was rebuilt: an id that was given is not given again. */
@Controller()
export class ReserveUserIdWhenUserRegistered {
  @Handles(UserRegistered, { name: 'reserve-user-id-when-user-registered', versions: '^1.0.0', from: 'beginning', batch: true })
  async handle(@Payload() events: readonly EventOf<typeof UserRegistered>[], @Ctx() { tx }: HandlerContext): Promise<void> {
    await passUserId(tx, Math.max(...events.map(({ payload }) => payload.user_id)));
  }
}
