import { ExternalDataReceived } from '@lifeos/contracts';
import type { HandlerContext } from '@lifeos/delivery';
import type { EventOf } from '@lifeos/events';
import { Handles } from '@lifeos/kafka';
import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { keepPoints } from '../points/point-store.js';

/** Our own event, read back when the database was rebuilt: a point that was taken is not taken again (I-6), and sums are whole. */
@Controller()
export class KeepPointsWhenExternalDataReceived {
  @Handles(ExternalDataReceived, { name: 'keep-points-when-external-data-received', versions: '^1.0.0', from: 'beginning', batch: true })
  async handle(@Payload() events: readonly EventOf<typeof ExternalDataReceived>[], @Ctx() { tx }: HandlerContext): Promise<void> {
    await keepPoints(tx, events.flatMap(({ payload: { user_id, integration_id, data_points } }) => data_points.map((point) => ({ ...point, user_id, integration_id }))));
  }
}
