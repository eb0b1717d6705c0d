import { UserRegistered } from '@lifeos/contracts';
import type { HandlerContext } from '@lifeos/delivery';
import type { EventOf } from '@lifeos/events';
import { Handles } from '@lifeos/kafka';
import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { addMissingCategories } from '../read-models/categories.js';

/** K-9. */
@Controller()
export class ShowCategoriesWhenUserRegistered {
  @Handles(UserRegistered, { name: 'show-categories-when-user-registered', versions: '^1.0.0', from: 'beginning', batch: true })
  async handle(@Payload() events: readonly EventOf<typeof UserRegistered>[], @Ctx() { tx }: HandlerContext): Promise<void> {
    await addMissingCategories(tx, events.map(({ payload }) => payload.user_id));
  }
}
