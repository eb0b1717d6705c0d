import { SkillRecommendationGenerated } from '@lifeos/contracts';
import type { HandlerContext } from '@lifeos/delivery';
import type { ConsentListener, EndedConsent } from '@lifeos/service';
import { Injectable } from '@nestjs/common';
import { dropRecommendations } from '../read-models/recommendations.js';

/** V-9: nothing stays of what was worked out under a consent that has ended. */
@Injectable()
export class DropRecommendationsWhenConsentEnds implements ConsentListener {
  async consentsEnded(ended: readonly EndedConsent[], { tx }: HandlerContext): Promise<void> {
    await dropRecommendations(tx, ended.filter(({ eventTypes }) => eventTypes.has(SkillRecommendationGenerated.name)).map(({ user_id }) => user_id));
  }
}
