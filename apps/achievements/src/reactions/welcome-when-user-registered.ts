import { UserRegistered } from '@lifeos/contracts';
import type { HandlerContext } from '@lifeos/delivery';
import type { EventOf } from '@lifeos/events';
import { Handles } from '@lifeos/kafka';
import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { recogniseGrowth } from '../achievement/recognition.js';

/** The title "Beginner" belongs to the sign-up. */
@Controller()
export class WelcomeWhenUserRegistered {
  @Handles(UserRegistered, { name: 'welcome-when-user-registered', versions: '^1.0.0', from: 'beginning', batch: true })
  async handle(@Payload() events: readonly EventOf<typeof UserRegistered>[], @Ctx() context: HandlerContext): Promise<void> {
    await recogniseGrowth(
      context,
      events.map((event) => ({ cause: event, userId: event.payload.user_id, growth: { add: { registrations: 1 } } })),
    );
  }
}
