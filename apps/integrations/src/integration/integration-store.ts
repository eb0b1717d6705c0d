import type { Queryable } from '@lifeos/postgres';
import type { IntegrationType } from './catalog.js';
import type { Circuit } from './circuit-breaker.js';
import type { Sealed } from './credential-vault.js';
import type { Frequency } from './sync-plan.js';

export type IntegrationState = 'connected' | 'needs_credentials' | 'disconnected';

/** An integration with all that is kept of it. */
export interface StoredIntegration extends Circuit {
  readonly integration_id: number;
  readonly user_id: number;
  readonly service_name: string;
  readonly integration_type: IntegrationType;
  readonly state: IntegrationState;
  readonly sync_frequency: Frequency;
  readonly sealed: Sealed | null;
  readonly connected_at: Date;
  readonly source_cursor: string | null;
  readonly retries: number;
  readonly next_sync_at: Date | null;
  readonly run_id: string | null;
  readonly run_until: Date | null;
  readonly last_sync_at: Date | null;
  readonly last_quality: number | null;
  readonly last_error_code: string | null;
  readonly last_error_message: string | null;
  readonly last_error_at: Date | null;
}

export type NewIntegration = Pick<StoredIntegration, 'integration_id' | 'user_id' | 'service_name' | 'integration_type' | 'sync_frequency' | 'sealed' | 'connected_at' | 'next_sync_at'>;

/** Asked for under the owner's key lock. */
export async function newIntegrationId(tx: Queryable): Promise<number> {
  const { rows } = await tx.query<{ id: string }>(`SELECT nextval('integration_ids') AS id`);
  return Number(rows[0]?.id);
}

export async function insertIntegration(tx: Queryable, one: NewIntegration): Promise<void> {
  await tx.query(
    `INSERT INTO integrations (integration_id, user_id, service_name, integration_type, state, sync_frequency, credentials_key, credentials, connected_at, next_sync_at)
     VALUES ($1, $2, $3, $4, 'connected', $5, $6, $7, $8, $9)`,
    [one.integration_id, one.user_id, one.service_name, one.integration_type, one.sync_frequency, one.sealed?.keyId ?? null, one.sealed?.bytes ?? null, one.connected_at, one.next_sync_at],
  );
}

/** Null when there is none, or it was disconnected. */
export async function loadIntegration(db: Queryable, integrationId: number): Promise<StoredIntegration | null> {
  const [found] = await load(db, `integration_id = $1 AND state <> 'disconnected'`, [integrationId]);
  return found ?? null;
}

/** A person's integrations, oldest first. */
export async function integrationsOf(db: Queryable, userId: number, page: { limit: number; offset: number }): Promise<StoredIntegration[]> {
  return load(db, `user_id = $1 AND state <> 'disconnected'`, [userId], `LIMIT ${page.limit} OFFSET ${page.offset}`);
}

export async function saveCredentials(tx: Queryable, integrationId: number, { keyId, bytes }: Sealed): Promise<void> {
  await tx.query('UPDATE integrations SET credentials_key = $2, credentials = $3 WHERE integration_id = $1', [integrationId, keyId, bytes]);
}

/** New credentials begin anew: nothing that failed under the old ones counts. */
export async function reconnect(tx: Queryable, integrationId: number, nextSyncAt: Date | null): Promise<void> {
  await tx.query(
    `UPDATE integrations SET state = 'connected', failures = 0, circuit_opened_at = NULL, retries = 0, next_sync_at = $2, run_id = NULL, run_until = NULL
     WHERE integration_id = $1`,
    [integrationId, nextSyncAt],
  );
}

/** I-10: what is left is that there was one; a run under way finds it gone. */
export async function markDisconnectedAt(tx: Queryable, ended: readonly { readonly integration_id: number; readonly at: Date }[]): Promise<void> {
  if (ended.length === 0) return;
  await tx.query(
    `UPDATE integrations i SET state = 'disconnected', disconnected_at = e.at, credentials = NULL, credentials_key = NULL, source_cursor = NULL,
       next_sync_at = NULL, run_id = NULL, run_until = NULL, last_error_message = NULL
     FROM unnest($1::bigint[], $2::timestamptz[]) AS e(integration_id, at)
     WHERE i.integration_id = e.integration_id AND i.state <> 'disconnected'`,
    [ended.map(({ integration_id }) => integration_id), ended.map(({ at }) => at)],
  );
}

type Row = Omit<StoredIntegration, 'integration_id' | 'user_id' | 'sealed'> & {
  readonly integration_id: string;
  readonly user_id: string;
  readonly credentials_key: string | null;
  readonly credentials: Buffer | null;
};

async function load(db: Queryable, condition: string, values: readonly unknown[], part = '', order = 'integration_id'): Promise<StoredIntegration[]> {
  const { rows } = await db.query<Row>(
    `SELECT integration_id, user_id, service_name, integration_type, state, sync_frequency, credentials_key, credentials, connected_at, source_cursor, failures,
       circuit_opened_at, retries, next_sync_at, run_id, run_until, last_sync_at, last_quality, last_error_code, last_error_message, last_error_at
     FROM integrations WHERE ${condition} ORDER BY ${order} ${part}`,
    values,
  );
  return rows.map(({ credentials, credentials_key, ...row }) => ({
    ...row,
    integration_id: Number(row.integration_id),
    user_id: Number(row.user_id),
    sealed: credentials && credentials_key ? { keyId: credentials_key, bytes: credentials } : null,
  }));
}

/** What is to be read now, longest overdue first; a run under way is left alone until its time is over. */
export async function dueIntegrations(db: Queryable, { now, services, limit }: { now: Date; services: readonly string[]; limit: number }): Promise<StoredIntegration[]> {
  return load(
    db,
    `state = 'connected' AND next_sync_at <= $1 AND (run_until IS NULL OR run_until <= $1) AND service_name = ANY ($2::text[])`,
    [now, services],
    `LIMIT ${limit}`,
    'next_sync_at, integration_id',
  );
}

/** All of some people's that are not disconnected. */
export async function connectedOf(tx: Queryable, userIds: readonly number[]): Promise<StoredIntegration[]> {
  return load(tx, `user_id = ANY ($1::bigint[]) AND state <> 'disconnected'`, [userIds]);
}
