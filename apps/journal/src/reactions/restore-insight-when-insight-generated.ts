import { InsightGenerated } from '@lifeos/contracts';
import type { HandlerContext } from '@lifeos/delivery';
import type { EventOf } from '@lifeos/events';
import { Handles } from '@lifeos/kafka';
import { CONSENTS, type Consents } from '@lifeos/service';
import { Controller, Inject } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { insertInsights } from '../read-models/findings.js';
import { reserveIds } from '../read-models/own-ids.js';

/** Our own event, read back when the database was rebuilt. In everyday running it finds everything there. */
@Controller()
export class RestoreInsightWhenInsightGenerated {
  constructor(@Inject(CONSENTS) private readonly consents: Consents) {}

  @Handles(InsightGenerated, { name: 'restore-insight-when-insight-generated', versions: '^1.0.0', from: 'beginning', batch: true })
  async handle(@Payload() events: readonly EventOf<typeof InsightGenerated>[], @Ctx() { tx }: HandlerContext): Promise<void> {
    await reserveIds(tx, 'insight_ids', events.map(({ payload }) => payload.insight_id));
    // Consent that ended meanwhile has emptied the table already.
    const allowing = await this.consents.allowing(tx, InsightGenerated, events.map(({ payload }) => payload.user_id));
    const rows = events
      .filter(({ payload }) => allowing.has(payload.user_id))
      .map(({ eventId, timestamp, payload: { user_id, insight_id, insight_type, content, confidence_score, source_entries, related_series } }) => ({
        ...{ eventId, userId: user_id, insightId: insight_id, type: insight_type, content, confidence: confidence_score },
        ...{ entries: source_entries, series: related_series, at: timestamp },
      }));
    await insertInsights(tx, rows);
  }
}
