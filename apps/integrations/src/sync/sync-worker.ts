import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Database } from '@lifeos/postgres';
import { CLOCK, type Clock, CONFIG, DATABASE, LOGGER, type Logger, runInContext } from '@lifeos/service';
import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import type { IntegrationsConfig } from '../config.js';
import { SyncFailed, SyncUnderWay } from '../integration/errors.js';
import { dueIntegrations, type StoredIntegration } from '../integration/integration-store.js';
import { SyncRunner } from './sync-runner.js';

/** Looked at in one go, and read at the same time. */
const aLook = 20;
const atOnce = 4;

/**
 * Reads what is due (I-3, I-9). Any number of instances may run it: a run is claimed before the source
 * is asked. After downtime each integration is read once, from where its source left off.
 */
@Injectable()
export class SyncWorker implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly stopping = new AbortController();
  private loop: Promise<void> = Promise.resolve();

  constructor(
    @Inject(DATABASE) private readonly database: Database,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOGGER) private readonly logger: Logger,
    @Inject(CONFIG) private readonly config: IntegrationsConfig,
    private readonly runner: SyncRunner,
  ) {}

  onApplicationBootstrap(): void {
    this.loop = this.look();
  }

  /** Calls under way are given up; nothing of them was stored. */
  async onModuleDestroy(): Promise<void> {
    this.stopping.abort();
    await this.loop;
  }

  /** Works off what is due now. Resolves with the number of runs, failed ones included. */
  async runDue(): Promise<number> {
    let runs = 0;
    for (let full = true; full && !this.stopping.signal.aborted; ) {
      const due = await dueIntegrations(this.database, { now: this.clock.now(), services: this.runner.services, limit: aLook });
      const outcomes: boolean[] = [];
      for (let at = 0; at < due.length; at += atOnce) outcomes.push(...(await Promise.all(due.slice(at, at + atOnce).map((one) => this.runOne(one)))));
      runs += outcomes.length;
      // One that could not even be stored stays due: it waits for the next look, so that this one ends.
      full = due.length === aLook && outcomes.every(Boolean);
    }
    return runs;
  }

  private async look(): Promise<void> {
    const { signal } = this.stopping;
    while (!signal.aborted) {
      await this.runDue().catch((err: unknown) => this.logger.error({ err }, 'Looking for due syncs failed; it is tried again.'));
      await sleep(this.config.INTEGRATIONS_TICK_MS, undefined, { signal, ref: false }).catch(() => undefined);
    }
  }

  /** Whether the integration was moved on. */
  private async runOne(one: StoredIntegration): Promise<boolean> {
    try {
      await runInContext({ correlationId: randomUUID(), traceparent: null }, () => this.runner.run(one, 'schedule', this.stopping.signal));
      return true;
    } catch (err) {
      if (err instanceof SyncFailed || err instanceof SyncUnderWay) return true;
      if (!this.stopping.signal.aborted) this.logger.error({ err, integration_id: one.integration_id }, 'A sync did not come to its end; it is tried again.');
      return false;
    }
  }
}
