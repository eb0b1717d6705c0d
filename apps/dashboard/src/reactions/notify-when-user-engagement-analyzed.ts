import { UserEngagementAnalyzed } from '@lifeos/contracts';
import type { HandlerContext } from '@lifeos/delivery';
import type { EventOf } from '@lifeos/events';
import { Handles } from '@lifeos/kafka';
import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { riskNotice } from '../notices/sensitive-notice.js';
import { storeNotices } from '../notices/notice-store.js';

/** D-6: of risk factors. */
@Controller()
export class NotifyWhenUserEngagementAnalyzed {
  @Handles(UserEngagementAnalyzed, { name: 'notify-when-user-engagement-analyzed', versions: '^1.0.0', from: 'beginning', batch: true })
  async handle(@Payload() events: readonly EventOf<typeof UserEngagementAnalyzed>[], @Ctx() { tx }: HandlerContext): Promise<void> {
    await storeNotices(tx, events.map((cause) => ({ cause, userId: cause.payload.user_id, notice: riskNotice(cause.payload) })));
  }
}
