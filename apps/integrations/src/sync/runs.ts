import { randomUUID } from 'node:crypto';
import { DataSyncFailed, ExternalDataReceived } from '@lifeos/contracts';
import type { Queryable, Transaction } from '@lifeos/postgres';
import { CLOCK, type Clock, Commands, CONSENTS, type Consents, type Raise } from '@lifeos/service';
import { Inject, Injectable } from '@nestjs/common';
import { circuitAt, reopensAt } from '../integration/circuit-breaker.js';
import { ConsentMissing, CredentialsNeeded, IntegrationNotFound, RunAbandoned, SyncUnderWay } from '../integration/errors.js';
import { loadIntegration, type StoredIntegration } from '../integration/integration-store.js';
import { nextRegularSync } from '../integration/sync-plan.js';

/** One reading of an integration's source, claimed: nobody else reads it until it ends or its time is over. */
export interface Run {
  readonly jobId: string;
  readonly startedAt: Date;
  /** As it was when the run began. */
  readonly integration: StoredIntegration;
}

export type Beginning =
  | { readonly kind: 'begun'; readonly run: Run }
  /** The circuit is open: refused at once, and told. */
  | { readonly kind: 'open'; readonly jobId: string; readonly nextSyncAt: Date | null }
  /** On schedule alone: the person does not allow it now; the next regular time is planned. */
  | { readonly kind: 'not_allowed' };

export interface RunWish {
  /** `file` knows no circuit and no plan. */
  readonly trigger: 'manual' | 'schedule' | 'file';
  /** A run that was not ended by then counts as lost. */
  readonly leaseMs: number;
}

/** Claims integrations for reading, under their owner's key. The claim is a row's column, so instances and restarts see it. */
@Injectable()
export class Runs {
  constructor(
    private readonly commands: Commands,
    @Inject(CONSENTS) private readonly consents: Consents,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** @throws IntegrationNotFound, SyncUnderWay, CredentialsNeeded; ConsentMissing but for a schedule. */
  begin({ integration_id, user_id }: StoredIntegration, wish: RunWish): Promise<Beginning> {
    return this.commands.execute({ keys: [user_id] }, async (tx, raise) => {
      const now = this.clock.now();
      const one = await this.readable(tx, integration_id, now);
      if (!(await this.consents.allowing(tx, ExternalDataReceived, [user_id])).has(user_id)) return this.notAllowed(tx, one, wish);
      if (wish.trigger !== 'file' && circuitAt(one, now) === 'open') return this.refuse(tx, raise, one, wish);
      const jobId = randomUUID();
      await claim(tx, integration_id, { jobId, until: new Date(now.getTime() + wish.leaseMs) });
      return { kind: 'begun', run: { jobId, startedAt: now, integration: one } };
    });
  }

  /** A long run goes on. @throws RunAbandoned */
  async extend(run: Run, leaseMs: number): Promise<void> {
    const { integration_id, user_id } = run.integration;
    await this.commands.execute({ keys: [user_id] }, async (tx) => {
      await requireRun(tx, run);
      await claim(tx, integration_id, { jobId: run.jobId, until: new Date(this.clock.now().getTime() + leaseMs) });
    });
  }

  /** Gives a run up that brought neither data nor a failure; the next one may begin at once. */
  async release({ jobId, integration }: Run): Promise<void> {
    await this.commands.execute({ keys: [integration.user_id] }, (tx) =>
      tx.query('UPDATE integrations SET run_id = NULL, run_until = NULL WHERE integration_id = $1 AND run_id = $2', [integration.integration_id, jobId]),
    );
  }

  private async readable(tx: Transaction, integrationId: number, now: Date): Promise<StoredIntegration> {
    const one = await loadIntegration(tx, integrationId);
    if (!one) throw new IntegrationNotFound(integrationId);
    if (one.run_until !== null && one.run_until > now) throw new SyncUnderWay(integrationId);
    if (one.state === 'needs_credentials') throw new CredentialsNeeded(integrationId);
    return one;
  }

  private async notAllowed(tx: Transaction, one: StoredIntegration, { trigger }: RunWish): Promise<Beginning> {
    if (trigger !== 'schedule') throw new ConsentMissing();
    await planNext(tx, one.integration_id, nextRegularSync(one.connected_at, one.sync_frequency, this.clock.now()));
    return { kind: 'not_allowed' };
  }

  /** I-8. */
  private async refuse(tx: Transaction, raise: Raise, one: StoredIntegration, { trigger }: RunWish): Promise<Beginning> {
    const { integration_id, user_id } = one;
    const jobId = randomUUID();
    const next = trigger === 'schedule' && one.circuit_opened_at !== null ? reopensAt(one.circuit_opened_at) : one.next_sync_at;
    if (trigger === 'schedule' && next !== null) await planNext(tx, integration_id, next);
    if ((await this.consents.allowing(tx, DataSyncFailed, [user_id])).has(user_id)) {
      raise(DataSyncFailed, { user_id, integration_id, sync_job_id: jobId, error_code: 'CIRCUIT_OPEN', error_message: circuitOpenMessage, retry_count: one.retries });
    }
    return { kind: 'open', jobId, nextSyncAt: next };
  }
}

export const circuitOpenMessage = 'The service failed five times in a row; it is asked again after five minutes.';

/** The integration as it stands now. @throws RunAbandoned when the run does not hold it any more. */
export async function requireRun(tx: Queryable, { jobId, integration }: Run): Promise<StoredIntegration> {
  const one = await loadIntegration(tx, integration.integration_id);
  if (!one || one.run_id !== jobId) throw new RunAbandoned(integration.integration_id);
  return one;
}

async function claim(tx: Queryable, integrationId: number, { jobId, until }: { jobId: string; until: Date }): Promise<void> {
  await tx.query('UPDATE integrations SET run_id = $2, run_until = $3 WHERE integration_id = $1', [integrationId, jobId, until]);
}

async function planNext(tx: Queryable, integrationId: number, at: Date): Promise<void> {
  await tx.query('UPDATE integrations SET next_sync_at = $2 WHERE integration_id = $1', [integrationId, at]);
}
