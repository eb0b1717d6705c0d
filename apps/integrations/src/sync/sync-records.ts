import { DataSyncCompleted, DataSyncFailed, ExternalDataReceived } from '@lifeos/contracts';
import type { Queryable, Transaction } from '@lifeos/postgres';
import { CLOCK, type Clock, Commands, CONSENTS, type Consents, type Raise } from '@lifeos/service';
import { Inject, Injectable } from '@nestjs/common';
import { afterFailure, closedCircuit } from '../integration/circuit-breaker.js';
import type { Sealed } from '../integration/credential-vault.js';
import { ConsentMissing } from '../integration/errors.js';
import { saveCredentials, type StoredIntegration } from '../integration/integration-store.js';
import { nextRegularSync, planAfterFailure } from '../integration/sync-plan.js';
import type { Point } from '../points/check-points.js';
import { claimedType, type DataType } from '../points/metrics.js';
import { takePoints } from '../points/point-store.js';
import type { SourceFailure } from '../source/source.js';
import { Completions } from './completions.js';
import { requireRun, type Run } from './runs.js';

/** Most readings in one E-31. */
const pointsAnEvent = 1_000;

/** A part of what a run brought, stored with its events in one transaction. */
export interface Portion {
  readonly points: readonly Point[];
  /** Of the run, by kind of data. */
  readonly quality: ReadonlyMap<DataType, number>;
  /** Kinds to be told of also without a new point, because points of theirs were refused. */
  readonly alsoTell: ReadonlySet<DataType>;
  /** Null while more portions come. */
  readonly end: RunEnd | null;
}

export interface RunEnd {
  readonly received: number;
  readonly refused: number;
  /** Of all that came. */
  readonly quality: number;
  /** Null for a file, which knows no cursor and no plan. */
  readonly fetched: { readonly cursor: string | null; readonly more: boolean } | null;
  /** Credentials under the newest key, when they were under another. */
  readonly resealed: Sealed | null;
}

export interface PortionStored {
  readonly taken: number;
  readonly told: ReadonlySet<DataType>;
  readonly completedQuestIds: readonly number[];
}

/** What a run brought, or why it brought nothing: state and events in one transaction under the person's key. */
@Injectable()
export class SyncRecords {
  constructor(
    private readonly commands: Commands,
    @Inject(CONSENTS) private readonly consents: Consents,
    private readonly completions: Completions,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** I-4, I-6. @throws RunAbandoned, ConsentMissing; then nothing was stored. */
  async store(run: Run, portion: Portion): Promise<PortionStored> {
    const { user_id } = run.integration;
    return this.commands.execute({ keys: [user_id] }, async (tx, raise) => {
      const one = await requireRun(tx, run);
      if (!(await this.consents.allowing(tx, ExternalDataReceived, [user_id])).has(user_id)) throw new ConsentMissing();
      const fresh = await takePoints(tx, one, portion.points);
      const told = tellOfData(raise, run, fresh, portion);
      const completedQuestIds = portion.end ? await this.end(tx, raise, run, portion.end) : [];
      return { taken: fresh.length, told, completedQuestIds };
    });
  }

  /** I-8, I-9: counts the failure, plans the next try, tells the person. Returns when that try is due. @throws RunAbandoned */
  async fail(run: Run, failure: Pick<SourceFailure, 'code' | 'message'>): Promise<Date | null> {
    const { user_id, integration_id } = run.integration;
    return this.commands.execute({ keys: [user_id] }, async (tx, raise) => {
      const one = await requireRun(tx, run);
      const now = this.clock.now();
      const circuit = afterFailure(one, now);
      const plan = planAfterFailure(one.retries, nextRegularSync(one.connected_at, one.sync_frequency, now), circuit, now);
      const after = one.next_sync_at === null ? { ...closedCircuit, retries: 0, next_sync_at: null } : { ...circuit, ...plan };
      await tx.query(
        `UPDATE integrations SET run_id = NULL, run_until = NULL, failures = $2, circuit_opened_at = $3, retries = $4, next_sync_at = $5,
           last_error_code = $6, last_error_message = $7, last_error_at = $8
         WHERE integration_id = $1`,
        [integration_id, after.failures, after.circuit_opened_at, after.retries, after.next_sync_at, failure.code, failure.message, now],
      );
      if ((await this.consents.allowing(tx, DataSyncFailed, [user_id])).has(user_id)) {
        raise(DataSyncFailed, { user_id, integration_id, sync_job_id: run.jobId, error_code: failure.code, error_message: failure.message, retry_count: one.retries });
      }
      return after.next_sync_at;
    });
  }

  private async end(tx: Transaction, raise: Raise, run: Run, end: RunEnd): Promise<readonly number[]> {
    const now = this.clock.now();
    const { integration_id, user_id, service_name } = run.integration;
    await saveSuccess(tx, run.integration, end, now);
    let causationId: string | null = null;
    if ((await this.consents.allowing(tx, DataSyncCompleted, [user_id])).has(user_id)) {
      const sync_duration_ms = Math.max(0, now.getTime() - run.startedAt.getTime());
      causationId = raise(DataSyncCompleted, { user_id, integration_id, sync_job_id: run.jobId, records_processed: end.received, sync_duration_ms, success: end.refused === 0 });
    }
    return this.completions.check(tx, { user_id, source: service_name, at: now, causationId });
  }
}

async function saveSuccess(tx: Queryable, one: StoredIntegration, { fetched, quality, resealed }: RunEnd, now: Date): Promise<void> {
  const next = fetched?.more ? now : nextRegularSync(one.connected_at, one.sync_frequency, now);
  if (resealed) await saveCredentials(tx, one.integration_id, resealed);
  await tx.query(
    `UPDATE integrations SET run_id = NULL, run_until = NULL, failures = 0, circuit_opened_at = NULL, retries = 0, source_cursor = $2, next_sync_at = $3,
       last_sync_at = $4, last_quality = $5, last_error_code = NULL, last_error_message = NULL, last_error_at = NULL
     WHERE integration_id = $1`,
    [one.integration_id, fetched?.cursor ?? null, fetched ? next : null, now, quality],
  );
}

/** E-31 for each kind of data, several when it has more points than one event takes. */
function tellOfData(raise: Raise, { integration, startedAt }: Run, fresh: readonly Point[], { quality, alsoTell }: Portion): Set<DataType> {
  const { user_id, integration_id } = integration;
  const told = new Set<DataType>();
  for (const [data_type, data_quality_score] of quality) {
    const points = fresh.filter(({ metric }) => claimedType(metric) === data_type);
    if (points.length === 0 && !alsoTell.has(data_type)) continue;
    told.add(data_type);
    for (const data_points of chunks(points)) {
      raise(ExternalDataReceived, { user_id, integration_id, data_type, data_points_count: data_points.length, sync_timestamp: startedAt, data_quality_score, data_points });
    }
  }
  return told;
}

/** At least one, which may be empty. */
function chunks(points: readonly Point[]): Point[][] {
  return Array.from({ length: Math.max(1, Math.ceil(points.length / pointsAnEvent)) }, (_, index) => points.slice(index * pointsAnEvent, (index + 1) * pointsAnEvent));
}
