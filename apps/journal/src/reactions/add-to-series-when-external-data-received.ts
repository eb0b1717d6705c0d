import { ExternalDataReceived } from '@lifeos/contracts';
import type { HandlerContext } from '@lifeos/delivery';
import type { EventOf } from '@lifeos/events';
import { Handles } from '@lifeos/kafka';
import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { addSamples } from '../read-models/series-points.js';
import { dataPrefix } from '../series/series.js';

/** J-3: synced points by data type. */
@Controller()
export class AddToSeriesWhenExternalDataReceived {
  @Handles(ExternalDataReceived, { name: 'add-to-series-when-external-data-received', versions: '^1.0.0', from: 'beginning', batch: true })
  async handle(@Payload() events: readonly EventOf<typeof ExternalDataReceived>[], @Ctx() { tx }: HandlerContext): Promise<void> {
    await addSamples(
      tx,
      events.map(({ payload, timestamp }) => ({ userId: payload.user_id, at: timestamp, series: `${dataPrefix}${payload.data_type}`, value: payload.data_points_count })),
    );
  }
}
