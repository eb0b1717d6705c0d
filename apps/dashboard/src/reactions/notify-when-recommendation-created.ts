import { RecommendationCreated } from '@lifeos/contracts';
import type { HandlerContext } from '@lifeos/delivery';
import type { EventOf } from '@lifeos/events';
import { Handles } from '@lifeos/kafka';
import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { recommendationNotice } from '../notices/sensitive-notice.js';
import { storeNotices } from '../notices/notice-store.js';

/** D-6, E-38: until it expires. */
@Controller()
export class NotifyWhenRecommendationCreated {
  @Handles(RecommendationCreated, { name: 'notify-when-recommendation-created', versions: '^1.0.0', from: 'beginning', batch: true })
  async handle(@Payload() events: readonly EventOf<typeof RecommendationCreated>[], @Ctx() { tx }: HandlerContext): Promise<void> {
    await storeNotices(tx, events.map((cause) => ({ cause, userId: cause.payload.user_id, notice: recommendationNotice(cause.payload), expiresAt: cause.payload.expiry_timestamp })));
  }
}
