import { UserRegistered } from '@lifeos/contracts';
import type { HandlerContext } from '@lifeos/delivery';
import type { EventOf } from '@lifeos/events';
import { Handles } from '@lifeos/kafka';
import { rememberTimeZones } from '@lifeos/service';
import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { welcomePrompt } from '../prompt/prompts.js';
import { suggestPrompts } from '../prompt/suggesting.js';

/** One handler for both: the first prompt belongs to the day of the zone that the same event tells. */
@Controller()
export class WelcomeWhenUserRegistered {
  @Handles(UserRegistered, { name: 'welcome-when-user-registered', versions: '^1.0.0', from: 'beginning', batch: true })
  async handle(@Payload() events: readonly EventOf<typeof UserRegistered>[], @Ctx() context: HandlerContext): Promise<void> {
    await rememberTimeZones(
      context.tx,
      events.map(({ payload }) => ({ userId: payload.user_id, timeZone: payload.time_zone })),
    );
    await suggestPrompts(
      context,
      events.map((event) => ({ cause: event, userId: event.payload.user_id, prompt: welcomePrompt })),
    );
  }
}
