import { PatternDetected } from '@lifeos/contracts';
import type { HandlerContext } from '@lifeos/delivery';
import type { EventOf } from '@lifeos/events';
import { Handles } from '@lifeos/kafka';
import { CONSENTS, type Consents } from '@lifeos/service';
import { Controller, Inject } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { insertPatterns } from '../read-models/findings.js';
import { reserveIds } from '../read-models/own-ids.js';
import { daysAfter } from '../series/days.js';

/** Our own event, read back when the database was rebuilt. In everyday running it finds everything there. */
@Controller()
export class RestorePatternWhenPatternDetected {
  constructor(@Inject(CONSENTS) private readonly consents: Consents) {}

  @Handles(PatternDetected, { name: 'restore-pattern-when-pattern-detected', versions: '^1.0.0', from: 'beginning', batch: true })
  async handle(@Payload() events: readonly EventOf<typeof PatternDetected>[], @Ctx() { tx }: HandlerContext): Promise<void> {
    await reserveIds(tx, 'pattern_ids', events.map(({ payload }) => payload.pattern_id));
    // Consent that ended meanwhile has emptied the table already.
    const allowing = await this.consents.allowing(tx, PatternDetected, events.map(({ payload }) => payload.user_id));
    const rows = events
      .filter(({ payload }) => allowing.has(payload.user_id))
      .map(({ eventId, payload: { user_id, pattern_id, pattern_type, related_series, description, confidence_score, detection_timestamp: at } }) => ({
        ...{ eventId, userId: user_id, patternId: pattern_id, type: pattern_type, series: related_series, description, confidence: confidence_score, at },
        // A day is looked at when it is over.
        day: daysAfter(at.toISOString().slice(0, 10), -1),
      }));
    await insertPatterns(tx, rows);
  }
}
