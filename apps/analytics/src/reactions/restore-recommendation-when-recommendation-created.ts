import { RecommendationCreated } from '@lifeos/contracts';
import type { HandlerContext } from '@lifeos/delivery';
import type { EventOf } from '@lifeos/events';
import { Handles } from '@lifeos/kafka';
import { CONSENTS, type Consents } from '@lifeos/service';
import { Controller, Inject } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { saveRecommendations } from '../recommendation/recommendation-store.js';
import { allowedOf } from '../privacy/allowed-of.js';

/** Our own event, read back when the database was rebuilt; in everyday running it finds what it tells. */
@Controller()
export class RestoreRecommendationWhenRecommendationCreated {
  constructor(@Inject(CONSENTS) private readonly consents: Consents) {}

  @Handles(RecommendationCreated, { name: 'restore-recommendation-when-recommendation-created', versions: '^1.0.0', from: 'beginning', batch: true })
  async handle(@Payload() events: readonly EventOf<typeof RecommendationCreated>[], @Ctx() context: HandlerContext): Promise<void> {
    await saveRecommendations(
      context.tx,
      (await allowedOf(context.tx, this.consents, events)).map(({ eventId, timestamp: at, payload: { user_id: userId, ...recommendation } }) => ({ eventId, userId, at, ...recommendation })),
    );
  }
}
