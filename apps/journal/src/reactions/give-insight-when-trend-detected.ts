import { TrendDetected } from '@lifeos/contracts';
import type { HandlerContext } from '@lifeos/delivery';
import type { EventOf } from '@lifeos/events';
import { Handles } from '@lifeos/kafka';
import { CONSENTS, type Consents } from '@lifeos/service';
import { Controller, Inject } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { insightFromTrend } from '../insight/insights.js';
import { tellInsights } from '../insight/tell-insights.js';

/** J-6. */
@Controller()
export class GiveInsightWhenTrendDetected {
  constructor(@Inject(CONSENTS) private readonly consents: Consents) {}

  @Handles(TrendDetected, { name: 'give-insight-when-trend-detected', versions: '^1.0.0', from: 'beginning', batch: true })
  async handle(@Payload() events: readonly EventOf<typeof TrendDetected>[], @Ctx() context: HandlerContext): Promise<void> {
    const caused = events.flatMap((event) => {
      const insight = insightFromTrend(event.payload);
      return insight ? [{ cause: event, userId: event.payload.user_id, insight }] : [];
    });
    await tellInsights(context, this.consents, caused);
  }
}
