import { TrendDetected } from '@lifeos/contracts';
import type { HandlerContext } from '@lifeos/delivery';
import type { ConsentListener, EndedConsent } from '@lifeos/service';
import { Injectable } from '@nestjs/common';
import { dropTrends } from './trend-store.js';

/** V-9: what was derived for analytics goes; values and history are the person's own and stay. */
@Injectable()
export class DropTrendsWhenConsentEnds implements ConsentListener {
  async consentsEnded(ended: readonly EndedConsent[], { tx }: HandlerContext): Promise<void> {
    const userIds = ended
      .filter(({ purposes, eventTypes }) => purposes.has('analytics') || eventTypes.has(TrendDetected.name))
      .map(({ user_id }) => user_id);
    if (userIds.length > 0) await dropTrends(tx, userIds);
  }
}
