import { TrendDetected } from '@lifeos/contracts';
import type { HandlerContext } from '@lifeos/delivery';
import type { EventOf } from '@lifeos/events';
import { Handles } from '@lifeos/kafka';
import { CONSENTS, type Consents } from '@lifeos/service';
import { Controller, Inject } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { advise } from '../forecast/advise.js';
import { saveTrends } from '../read-models/trends.js';

/** AN-6. */
@Controller()
export class AdviseWhenTrendDetected {
  constructor(@Inject(CONSENTS) private readonly consents: Consents) {}

  @Handles(TrendDetected, { name: 'advise-when-trend-detected', versions: '^1.0.0', from: 'beginning', batch: true })
  async handle(@Payload() events: readonly EventOf<typeof TrendDetected>[], @Ctx() context: HandlerContext): Promise<void> {
    await saveTrends(context.tx, events.map(({ eventId, payload: { user_id: userId, ...trend }, timestamp: at }) => ({ eventId, userId, at, ...trend })));
    await advise(
      context,
      this.consents,
      events.map((cause) => ({ cause, userId: cause.payload.user_id, series: [cause.payload.stat_name], predictionType: () => 'trend' })),
    );
  }
}
