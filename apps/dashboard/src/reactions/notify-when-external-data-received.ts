import { ExternalDataReceived } from '@lifeos/contracts';
import type { HandlerContext } from '@lifeos/delivery';
import type { EventOf } from '@lifeos/events';
import { Handles } from '@lifeos/kafka';
import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { dataQualityNotice } from '../notices/sensitive-notice.js';
import { storeNotices } from '../notices/notice-store.js';

/** D-6, I-7: of data of poor quality. */
@Controller()
export class NotifyWhenExternalDataReceived {
  @Handles(ExternalDataReceived, { name: 'notify-when-external-data-received', versions: '^1.0.0', from: 'beginning', batch: true })
  async handle(@Payload() events: readonly EventOf<typeof ExternalDataReceived>[], @Ctx() { tx }: HandlerContext): Promise<void> {
    await storeNotices(tx, events.map((cause) => ({ cause, userId: cause.payload.user_id, notice: dataQualityNotice(cause.payload) })));
  }
}
