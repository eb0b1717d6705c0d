import { IntegrationConnected, IntegrationDisconnected } from '@lifeos/contracts';
import type { Queryable } from '@lifeos/postgres';
import { CLOCK, type Clock, Commands, CONSENTS, type Consents } from '@lifeos/service';
import { Inject, Injectable } from '@nestjs/common';
import { SourceFailure } from '../source/source.js';
import { Sources } from '../source/sources.js';
import { Fetching } from '../sync/fetching.js';
import { type Credentials, CredentialVault, ownerOf } from './credential-vault.js';
import { ConnectionRefused, ConsentMissing, ImportsOnly, IntegrationNotFound } from './errors.js';
import { insertIntegration, loadIntegration, markDisconnectedAt, newIntegrationId, reconnect, saveCredentials, type StoredIntegration } from './integration-store.js';
import type { NewIntegrationWish } from './requests.js';

/** Whether a service can be read with the credentials given. */
@Injectable()
export class ConnectionTest {
  constructor(
    private readonly sources: Sources,
    private readonly fetching: Fetching,
  ) {}

  /** True for a source that is read from files, where there is nothing to test. @throws NoAdapter, ConnectionRefused */
  async run(service: string, credentials: Credentials): Promise<boolean> {
    if (this.sources.format(service)) return true;
    try {
      await this.fetching.test(service, credentials);
      return false;
    } catch (error) {
      throw error instanceof SourceFailure ? new ConnectionRefused(service, error) : error;
    }
  }
}

/** Connections as a person makes and ends them. */
@Injectable()
export class Connecting {
  constructor(
    private readonly commands: Commands,
    @Inject(CONSENTS) private readonly consents: Consents,
    @Inject(CLOCK) private readonly clock: Clock,
    private readonly vault: CredentialVault,
    private readonly testing: ConnectionTest,
  ) {}

  /** I-2: consent, then a test of the connection, then all of it in one transaction. A file source needs no credentials: what is given is not kept. */
  async connect({ credentials, ...wish }: NewIntegrationWish, db: Queryable): Promise<number> {
    await this.requireConsent(db, wish.user_id);
    const isFile = await this.testing.run(wish.service_name, credentials);
    return this.commands.execute({ keys: [wish.user_id] }, async (tx, raise) => {
      await this.requireConsent(tx, wish.user_id);
      const connected_at = this.clock.now();
      const integration_id = await newIntegrationId(tx);
      const sealed = isFile ? null : this.vault.seal(credentials, ownerOf(integration_id, wish.user_id));
      await insertIntegration(tx, { ...wish, integration_id, sealed, connected_at, next_sync_at: isFile ? null : connected_at });
      const { user_id, service_name, integration_type } = wish;
      raise(IntegrationConnected, { user_id, integration_id, service_name, integration_type, connection_timestamp: connected_at }, connected_at);
      return integration_id;
    });
  }

  /** For credentials that ended, or that were lost with the database: no new connection, so no event. */
  async renew({ integration_id, user_id, service_name }: StoredIntegration, credentials: Credentials, db: Queryable): Promise<void> {
    await this.requireConsent(db, user_id);
    if (await this.testing.run(service_name, credentials)) throw new ImportsOnly(integration_id, service_name);
    await this.commands.execute({ keys: [user_id] }, async (tx) => {
      await this.requireConsent(tx, user_id);
      await existing(tx, integration_id);
      await saveCredentials(tx, integration_id, this.vault.seal(credentials, ownerOf(integration_id, user_id)));
      await reconnect(tx, integration_id, this.clock.now());
    });
  }

  /** I-10. */
  async disconnect({ integration_id, user_id }: StoredIntegration): Promise<void> {
    await this.commands.execute({ keys: [user_id] }, async (tx, raise) => {
      const { service_name } = await existing(tx, integration_id);
      const at = this.clock.now();
      await markDisconnectedAt(tx, [{ integration_id, at }]);
      raise(IntegrationDisconnected, { user_id, integration_id, service_name, disconnection_reason: 'user_request', disconnection_timestamp: at }, at);
    });
  }

  private async requireConsent(db: Queryable, userId: number): Promise<void> {
    if (!(await this.consents.granting(db, 'external_integrations', [userId])).has(userId)) throw new ConsentMissing();
  }
}

async function existing(tx: Queryable, integrationId: number): Promise<StoredIntegration> {
  const one = await loadIntegration(tx, integrationId);
  if (!one) throw new IntegrationNotFound(integrationId);
  return one;
}
