import { InsightGenerated } from '@lifeos/contracts';
import type { HandlerContext } from '@lifeos/delivery';
import type { EventOf } from '@lifeos/events';
import { Handles } from '@lifeos/kafka';
import { CONSENTS, type Consents } from '@lifeos/service';
import { Controller, Inject } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { advise, seriesOf } from '../forecast/advise.js';
import { predictionTypeOf } from '../forecast/prediction-type.js';

/** AN-6. */
@Controller()
export class AdviseWhenInsightGenerated {
  constructor(@Inject(CONSENTS) private readonly consents: Consents) {}

  @Handles(InsightGenerated, { name: 'advise-when-insight-generated', versions: '^1.0.0', from: 'beginning', batch: true })
  async handle(@Payload() events: readonly EventOf<typeof InsightGenerated>[], @Ctx() context: HandlerContext): Promise<void> {
    await advise(
      context,
      this.consents,
      events.map((cause) => ({ cause, userId: cause.payload.user_id, series: seriesOf(cause.payload.related_series), predictionType: predictionTypeOf })),
    );
  }
}
