import { IntegrationConnected, IntegrationDisconnected } from '@lifeos/contracts';
import type { HandlerContext } from '@lifeos/delivery';
import type { EventOf } from '@lifeos/events';
import { Handles } from '@lifeos/kafka';
import type { Queryable } from '@lifeos/postgres';
import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { markDisconnectedAt } from '../integration/integration-store.js';
import { Sources } from '../source/sources.js';

type Connected = EventOf<typeof IntegrationConnected>;
type Disconnected = EventOf<typeof IntegrationDisconnected>;

/**
 * Our own events, read back when the database was rebuilt: connections are known again, their
 * credentials are not, and ids that were given are not given again.
 */
@Controller()
export class RememberIntegrationWhenConnectedOrDisconnected {
  constructor(private readonly sources: Sources) {}

  @Handles([IntegrationConnected, IntegrationDisconnected], { name: 'remember-integration-when-connected-or-disconnected', versions: '^1.0.0', from: 'beginning', batch: true })
  async handle(@Payload() events: readonly (Connected | Disconnected)[], @Ctx() { tx }: HandlerContext): Promise<void> {
    // A connection begins once and ends once, so all beginnings may come before all ends.
    await this.connect(tx, events.filter((event): event is Connected => event.type.recordName === IntegrationConnected.recordName));
    const gone = events.filter((event): event is Disconnected => event.type.recordName === IntegrationDisconnected.recordName);
    await markDisconnectedAt(tx, gone.map(({ payload }) => ({ integration_id: payload.integration_id, at: payload.disconnection_timestamp })));
  }

  private async connect(tx: Queryable, events: readonly Connected[]): Promise<void> {
    if (events.length === 0) return;
    const given = events.map(({ payload }) => payload);
    await tx.query(
      `INSERT INTO integrations (integration_id, user_id, service_name, integration_type, state, connected_at)
       SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::text[], $4::text[], $5::text[], $6::timestamptz[]) ON CONFLICT DO NOTHING`,
      [
        given.map(({ integration_id }) => integration_id), given.map(({ user_id }) => user_id),
        given.map(({ service_name }) => service_name.toLowerCase()), given.map(({ integration_type }) => integration_type),
        given.map(({ service_name }) => (this.sources.format(service_name.toLowerCase()) ? 'connected' : 'needs_credentials')),
        given.map(({ connection_timestamp }) => connection_timestamp),
      ],
    );
    const highest = Math.max(...given.map(({ integration_id }) => integration_id));
    // Forward only: in everyday running the sequence is ahead, and commands at the same time draw from it.
    await tx.query(`SELECT setval('integration_ids', $1) FROM integration_ids WHERE last_value < $1 OR NOT is_called`, [highest]);
  }
}
