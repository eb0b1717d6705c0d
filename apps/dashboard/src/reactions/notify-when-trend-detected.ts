import { TrendDetected } from '@lifeos/contracts';
import type { HandlerContext } from '@lifeos/delivery';
import type { EventOf } from '@lifeos/events';
import { Handles } from '@lifeos/kafka';
import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { trendNotice } from '../notices/sensitive-notice.js';
import { storeNotices } from '../notices/notice-store.js';

/** D-6: of a decreasing trend. */
@Controller()
export class NotifyWhenTrendDetected {
  @Handles(TrendDetected, { name: 'notify-when-trend-detected', versions: '^1.0.0', from: 'beginning', batch: true })
  async handle(@Payload() events: readonly EventOf<typeof TrendDetected>[], @Ctx() { tx }: HandlerContext): Promise<void> {
    await storeNotices(tx, events.map((cause) => ({ cause, userId: cause.payload.user_id, notice: trendNotice(cause.payload) })));
  }
}
