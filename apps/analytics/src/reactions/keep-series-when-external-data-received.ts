import { ExternalDataReceived } from '@lifeos/contracts';
import type { HandlerContext } from '@lifeos/delivery';
import type { EventOf } from '@lifeos/events';
import { Handles } from '@lifeos/kafka';
import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { dayOf } from '../series/days.js';
import { addToSums } from '../series/series-store.js';

/** Points synced on each day, by data type, as the journal counts them (J-3). */
@Controller()
export class KeepSeriesWhenExternalDataReceived {
  @Handles(ExternalDataReceived, { name: 'keep-series-when-external-data-received', versions: '^1.0.0', from: 'beginning', batch: true })
  async handle(@Payload() events: readonly EventOf<typeof ExternalDataReceived>[], @Ctx() { tx }: HandlerContext): Promise<void> {
    await addToSums(
      tx,
      events.map(({ payload: { user_id: userId, data_type, data_points_count: value }, timestamp: at }) => ({ userId, series: `data.${data_type}`, day: dayOf(at), value, at })),
    );
  }
}
