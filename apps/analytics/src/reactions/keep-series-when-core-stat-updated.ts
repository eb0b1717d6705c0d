import { CoreStatUpdated } from '@lifeos/contracts';
import type { HandlerContext } from '@lifeos/delivery';
import type { EventOf } from '@lifeos/events';
import { Handles } from '@lifeos/kafka';
import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { dayOf } from '../series/days.js';
import { saveReadings } from '../series/series-store.js';

@Controller()
export class KeepSeriesWhenCoreStatUpdated {
  @Handles(CoreStatUpdated, { name: 'keep-series-when-core-stat-updated', versions: '^1.0.0', from: 'beginning', batch: true })
  async handle(@Payload() events: readonly EventOf<typeof CoreStatUpdated>[], @Ctx() { tx }: HandlerContext): Promise<void> {
    await saveReadings(
      tx,
      events.map(({ payload, timestamp: at }) => ({ userId: payload.user_id, series: payload.stat_name, day: dayOf(at), value: payload.new_value, at })),
    );
  }
}
