import { IntegrationDisconnected } from '@lifeos/contracts';
import type { HandlerContext } from '@lifeos/delivery';
import { CLOCK, type Clock, type ConsentListener, type EndedConsent } from '@lifeos/service';
import { Inject, Injectable } from '@nestjs/common';
import { dropPointsOf } from '../points/point-store.js';
import { connectedOf, markDisconnectedAt } from './integration-store.js';

/** I-10, V-9: without consent nothing stays connected, and what came from outside is gone. */
@Injectable()
export class DisconnectWhenConsentEnds implements ConsentListener {
  constructor(@Inject(CLOCK) private readonly clock: Clock) {}

  async consentsEnded(ended: readonly EndedConsent[], context: HandlerContext): Promise<void> {
    const { tx } = context;
    const causes = new Map(ended.filter(({ purposes }) => purposes.has('external_integrations')).map(({ user_id, cause }) => [user_id, cause]));
    const userIds = [...causes.keys()];
    if (userIds.length === 0) return;
    const connected = await connectedOf(tx, userIds);
    const at = this.clock.now();
    await markDisconnectedAt(tx, connected.map(({ integration_id }) => ({ integration_id, at })));
    await dropPointsOf(tx, userIds);
    for (const { integration_id, user_id, service_name } of connected) {
      const cause = causes.get(user_id);
      if (!cause) continue;
      const input = { user_id, integration_id, service_name, disconnection_reason: 'consent_withdrawn' as const, disconnection_timestamp: at };
      context.raise(IntegrationDisconnected, input, { cause, fact: `integration ${integration_id}`, timestamp: at });
    }
  }
}
