import { LOGGER, type Logger } from '@lifeos/service';
import { Inject, Injectable } from '@nestjs/common';
import { SyncFailed } from '../integration/errors.js';
import type { StoredIntegration } from '../integration/integration-store.js';
import { type BadPoint, checkPoints } from '../points/check-points.js';
import { qualityByType, qualityNote, qualityOf } from '../points/quality.js';
import { SourceFailure } from '../source/source.js';
import { type Fetched, Fetching } from './fetching.js';
import { circuitOpenMessage, type Run, Runs } from './runs.js';
import { SyncRecords } from './sync-records.js';

/** What a run brought. */
export interface SyncAnswer {
  readonly integration_id: number;
  readonly sync_job_id: string;
  readonly sync_timestamp: Date;
  readonly records_processed: number;
  readonly points_taken: number;
  /** Good points that had been taken before. */
  readonly points_known: number;
  readonly points_refused: number;
  readonly success: boolean;
  readonly data_quality_score: number;
  readonly note: string | null;
  readonly completed_quest_ids: readonly number[];
}

/** Reads a source and stores what it brought: the call stands between two transactions, never in one. */
@Injectable()
export class SyncRunner {
  constructor(
    private readonly runs: Runs,
    private readonly fetching: Fetching,
    private readonly records: SyncRecords,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** Services that are read on schedule. */
  get services(): readonly string[] {
    return this.fetching.services;
  }

  /**
   * Null when a scheduled run found that the person does not allow it now.
   * @throws SyncFailed once the failure is stored and told; refusals of `Runs.begin`; RunAbandoned, FetchStopped.
   */
  async run(integration: StoredIntegration, trigger: 'manual' | 'schedule', stopping: AbortSignal): Promise<SyncAnswer | null> {
    const beginning = await this.runs.begin(integration, { trigger, leaseMs: this.fetching.leaseMs });
    if (beginning.kind === 'not_allowed') return null;
    if (beginning.kind === 'open') throw new SyncFailed({ sync_job_id: beginning.jobId, error_code: 'CIRCUIT_OPEN', message: circuitOpenMessage, next_sync_at: beginning.nextSyncAt });
    const { run } = beginning;
    try {
      return await this.take(run, await this.fetching.fetch(run.integration, stopping));
    } catch (error) {
      if (error instanceof SourceFailure) throw await this.failed(run, error);
      await this.runs.release(run);
      throw error;
    }
  }

  private async take(run: Run, fetched: Fetched): Promise<SyncAnswer> {
    const checked = checkPoints(fetched.points, fetched.at);
    const { good, bad } = checked;
    this.logRefused(run, bad);
    const received = good.length + bad.length;
    if (received > 0 && good.length === 0) throw new SourceFailure('VALIDATION_ERROR', `None of the ${received} readings could be used.`);
    const quality = qualityOf(good.length, received);
    const alsoTell = new Set(bad.flatMap(({ dataType }) => (dataType === null ? [] : [dataType])));
    const end = { received, refused: bad.length, quality, fetched, resealed: fetched.resealed };
    const { taken, completedQuestIds } = await this.records.store(run, { points: good, quality: qualityByType(checked), alsoTell, end });
    this.logger.info({ ...aboutRun(run), received, taken, refused: bad.length }, 'Read a source.');
    return answerOf(run, { received, good: good.length, taken, quality, completedQuestIds });
  }

  private async failed(run: Run, failure: SourceFailure): Promise<SyncFailed> {
    const { code, message } = failure;
    this.logger.warn({ ...aboutRun(run), error_code: code, cause: failure.cause instanceof Error ? failure.cause.name : null }, 'A source could not be read.');
    const nextSyncAt = await this.records.fail(run, failure);
    return new SyncFailed({ sync_job_id: run.jobId, error_code: code, message, next_sync_at: nextSyncAt });
  }

  private logRefused(run: Run, bad: readonly BadPoint[]): void {
    if (bad.length === 0) return;
    this.logger.warn({ ...aboutRun(run), refused: bad.length, reasons: [...new Set(bad.map(({ reason }) => reason))].slice(0, 20) }, 'Readings were left out.');
  }
}

export const aboutRun = ({ jobId, integration }: Run) => ({ sync_job_id: jobId, integration_id: integration.integration_id, service_name: integration.service_name });

export interface Counts {
  readonly received: number;
  readonly good: number;
  readonly taken: number;
  readonly quality: number;
  readonly completedQuestIds: readonly number[];
}

export function answerOf({ jobId, startedAt, integration }: Run, { received, good, taken, quality, completedQuestIds }: Counts): SyncAnswer {
  return {
    integration_id: integration.integration_id,
    sync_job_id: jobId,
    sync_timestamp: startedAt,
    records_processed: received,
    points_taken: taken,
    points_known: good - taken,
    points_refused: received - good,
    success: good === received,
    data_quality_score: quality,
    note: qualityNote(quality),
    completed_quest_ids: completedQuestIds,
  };
}
