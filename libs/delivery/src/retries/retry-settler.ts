import type { Database } from '@lifeos/postgres';
import type { BatchItem } from '../batch-item.js';
import type { DeliveryMetrics } from '../ports.js';
import { Reruns, type AfterTrouble, type Pause } from '../reruns.js';
import type { RetryQueue } from './retry-queues.js';
import { RetryRun, type RetryEnvironment, type RetryReport, type RetryUnit } from './retry-run.js';
import { tellRetries } from './tell-retries.js';

export type Stopped = Exclude<AfterTrouble, 'again' | { kind: 'unnamed' }>;
export type SettledUnit = { readonly kind: 'settled'; readonly more: readonly RetryQueue[] } | Stopped;

export interface RetrySettlerDeps extends RetryEnvironment {
  readonly database: Database;
  readonly metrics: DeliveryMetrics;
}

const registryPauseMs = 2_000;

/** Runs a unit again and again, each time knowing more, until each of its letters is handled or failed. */
export class RetrySettler {
  private readonly reruns: Reruns;
  private lastItems: readonly BatchItem[] = [];

  constructor(private readonly deps: RetrySettlerDeps) {
    this.reruns = new Reruns(deps);
  }

  async settle(unit: RetryUnit): Promise<SettledUnit> {
    for (;;) {
      try {
        const report = await this.commit(unit);
        tellRetries(report, unit, this.deps);
        this.reruns.reset();
        return report.blockedBy === null ? { kind: 'settled', more: report.more } : waitFor(report.blockedBy);
      } catch (error) {
        const next = await this.reruns.after(whereOf(unit), error);
        if (next === 'again') continue;
        return next.kind === 'unnamed' ? this.divide(unit, next.error) : next;
      }
    }
  }

  private commit(unit: RetryUnit): Promise<RetryReport> {
    const keys = unit.queues.map(({ key, headId }) => key ?? `dead letter ${headId}`);
    const timeoutMs = Math.min(30_000 + 4 * unit.subscription.handler.timeoutMs, 2 ** 31 - 1);
    return this.deps.database.transaction({ keys, timeoutMs }, async (tx) => {
      const run = new RetryRun(tx, unit, this.deps);
      return run.run().finally(() => (this.lastItems = run.items));
    });
  }

  /** Halves until one letter is left, which then must be the cause. */
  private async divide(unit: RetryUnit, error: unknown): Promise<SettledUnit> {
    const { queues, subscription } = unit;
    const half = queues.length >> 1;
    if (half > 0) return this.settleEach([{ ...unit, queues: queues.slice(0, half) }, { ...unit, queues: queues.slice(half) }]);
    if (unit.depth > 1) return this.settle({ ...unit, depth: 1 });
    const [item] = this.lastItems;
    const canBeAtFault = item !== undefined && item.event !== null && this.deps.failures.parked(subscription, item) === null;
    if (!canBeAtFault) return this.reruns.giveUp(whereOf(unit), error);
    this.deps.failures.park(subscription, item, error);
    return this.settle(unit);
  }

  private async settleEach(units: readonly RetryUnit[]): Promise<SettledUnit> {
    const more: RetryQueue[] = [];
    for (const unit of units) {
      const settled = await this.settle(unit);
      if (settled.kind !== 'settled') return settled;
      more.push(...settled.more);
    }
    return { kind: 'settled', more };
  }
}

function waitFor(reason: Error): Pause {
  return { kind: 'pause', reason: reason.message, retryAfterMs: registryPauseMs };
}

function whereOf({ topic, subscription }: RetryUnit): { topic: string; handler: string; retry: true } {
  return { topic, handler: subscription.handler.name, retry: true };
}
