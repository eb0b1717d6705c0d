import { IntegrationConnected, IntegrationDisconnected } from '@lifeos/contracts';
import type { HandlerContext } from '@lifeos/delivery';
import type { EventOf } from '@lifeos/events';
import { Handles } from '@lifeos/kafka';
import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { allowedTypes } from '../consented/allowed-types.js';
import { isoTime } from './rows.js';

/** D-7: how a connection is doing. The facts of its syncs are there only with consent. */
export interface IntegrationState {
  readonly integration_id: number;
  readonly service_name: string;
  readonly integration_type: string | null;
  readonly connected: boolean;
  readonly disconnection_reason: string | null;
  readonly last_sync_at: string | null;
  readonly last_sync: Readonly<Record<string, unknown>> | null;
  readonly last_failure_at: string | null;
  readonly last_failure: Readonly<Record<string, unknown>> | null;
  readonly data_at: string | null;
  readonly last_data: Readonly<Record<string, unknown>> | null;
}

const shown = 50;
const newest = (alias: string, type: string) => `LEFT JOIN derived_facts AS ${alias} ON ${alias}.user_id = $1 AND ${alias}.event_type = '${type}'
  AND ${alias}.subject = i.integration_id::text AND ${alias}.event_type IN (${allowedTypes})`;

/** Connected ones first, at most 50. */
export const integrations = `SELECT i.integration_id, i.service_name, i.integration_type,
    coalesce(i.connected_at > i.disconnected_at, i.disconnected_at IS NULL) AS connected, i.disconnection_reason,
    ${isoTime('done.at')} AS last_sync_at, done.details AS last_sync, ${isoTime('failed.at')} AS last_failure_at, failed.details AS last_failure,
    ${isoTime('received.at')} AS data_at, received.details AS last_data
  FROM integrations AS i ${newest('done', 'DataSyncCompleted')} ${newest('failed', 'DataSyncFailed')} ${newest('received', 'ExternalDataReceived')}
  WHERE i.user_id = $1 ORDER BY connected DESC, i.integration_id LIMIT ${shown}`;

/** What the panel says at a glance: the newer of success and failure counts. */
export function syncStatus({ connected, last_sync_at, last_failure_at }: IntegrationState): 'disconnected' | 'failing' | 'synced' | 'waiting' {
  if (!connected) return 'disconnected';
  if (last_failure_at !== null && (last_sync_at === null || last_failure_at > last_sync_at)) return 'failing';
  return last_sync_at === null ? 'waiting' : 'synced';
}

@Controller()
export class Integrations {
  @Handles(IntegrationConnected, { name: 'show-integration-when-integration-connected', versions: '^1.0.0', from: 'beginning', batch: true })
  async connected(@Payload() events: readonly EventOf<typeof IntegrationConnected>[], @Ctx() { tx }: HandlerContext): Promise<void> {
    const sql = `INSERT INTO integrations (integration_id, user_id, service_name, integration_type, connected_at)
      SELECT DISTINCT ON (integration_id) integration_id, user_id, service_name, integration_type, connection_timestamp
      FROM json_to_recordset($1::json) AS n(integration_id bigint, user_id bigint, service_name text, integration_type text, connection_timestamp timestamptz)
      ORDER BY integration_id, connection_timestamp DESC
      ON CONFLICT (integration_id) DO UPDATE SET integration_type = excluded.integration_type, connected_at = greatest(integrations.connected_at, excluded.connected_at)`;
    await tx.query(sql, [JSON.stringify(events.map(({ payload }) => payload))]);
  }

  @Handles(IntegrationDisconnected, { name: 'show-integration-when-integration-disconnected', versions: '^1.0.0', from: 'beginning', batch: true })
  async disconnected(@Payload() events: readonly EventOf<typeof IntegrationDisconnected>[], @Ctx() { tx }: HandlerContext): Promise<void> {
    const sql = `INSERT INTO integrations (integration_id, user_id, service_name, disconnected_at, disconnection_reason)
      SELECT DISTINCT ON (integration_id) integration_id, user_id, service_name, disconnection_timestamp, disconnection_reason
      FROM json_to_recordset($1::json) AS n(integration_id bigint, user_id bigint, service_name text, disconnection_timestamp timestamptz, disconnection_reason text)
      ORDER BY integration_id, disconnection_timestamp DESC
      ON CONFLICT (integration_id) DO UPDATE SET disconnected_at = greatest(integrations.disconnected_at, excluded.disconnected_at), disconnection_reason = excluded.disconnection_reason`;
    await tx.query(sql, [JSON.stringify(events.map(({ payload }) => payload))]);
  }
}
