import type { Database } from '@lifeos/postgres';
import type { RunEnvironment, RunReport, Stretch } from './batch-run.js';
import { BatchRun } from './batch-run.js';
import type { DeliveryMetrics } from './ports.js';
import type { PositionVerdict } from './positions.js';
import { skipStretch } from './positions.js';
import { Reruns, type Pause, type Where } from './reruns.js';
import { tellReport } from './tell-report.js';

/** Why a stretch did not come to its end. */
export type Stop =
  | { readonly kind: 'aborted' }
  | Pause
  | Exclude<PositionVerdict, { kind: 'fits' }>;

type Attempt = { kind: 'handled'; report: RunReport } | { kind: 'unnamed'; error: unknown } | Stop;

export interface SettlerDeps extends RunEnvironment {
  readonly database: Database;
  readonly metrics: DeliveryMetrics;
  /** Heads were parked. */
  readonly onParked: () => void;
}

/** Runs a stretch again and again, each time knowing more, until each event in it is handled or parked. */
export class Settler {
  private readonly reruns: Reruns;

  constructor(private readonly deps: SettlerDeps) {
    this.reruns = new Reruns(deps);
  }

  /** Null when all of it is committed. */
  async settle(stretch: Stretch): Promise<Stop | null> {
    let rest = stretch;
    while (rest.from < rest.next) {
      const attempt = await this.attempt(rest);
      if (attempt.kind === 'unnamed') return this.divide(rest, attempt.error);
      if (attempt.kind !== 'handled') return attempt;
      const { verdict, nextOffset } = attempt.report;
      if (verdict.kind !== 'fits') return verdict;
      rest = { ...rest, from: nextOffset, items: rest.items.filter(({ record }) => record.offset >= nextOffset) };
    }
    return null;
  }

  private async attempt(stretch: Stretch): Promise<Attempt> {
    for (;;) {
      try {
        const report = await this.commit(stretch);
        tellReport(report, stretch.topic, this.deps);
        this.reruns.reset();
        if (report.letters.some(({ failure }) => failure !== null)) this.deps.onParked();
        return { kind: 'handled', report };
      } catch (error) {
        const next = await this.reruns.after(whereOf(stretch), error);
        if (next !== 'again') return next;
      }
    }
  }

  private async commit(stretch: Stretch): Promise<RunReport> {
    const { database } = this.deps;
    const { items, subscriptions, next } = stretch;
    const ids = subscriptions.map(({ id }) => id);
    if (items.length === 0 && this.deps.joins === null && (await skipStretch(database, stretch, ids, stretch))) {
      return { verdict: { kind: 'fits' }, nextOffset: next, calls: [], letters: [], copies: 0, refused: [] };
    }
    const keys = new Set<string>();
    for (const { key } of items) if (key !== null) keys.add(key);
    // Each call has its own limit; this one is only the net below them, and below their tries.
    const timeoutMs = subscriptions.reduce((sum, { handler }) => sum + 4 * handler.timeoutMs, 30_000);
    return database.transaction({ keys: [...keys], timeoutMs: Math.min(timeoutMs, 2 ** 31 - 1) }, (tx) => new BatchRun(tx, stretch, this.deps).run());
  }

  /** Halves until one event and one handler are left, which then must be the cause. */
  private async divide(stretch: Stretch, error: unknown): Promise<Stop | null> {
    const { items, subscriptions } = stretch;
    const half = items.length >> 1;
    const [first, middle, one] = [items[0], items[half], subscriptions[0]];
    if (first === undefined || middle === undefined || one === undefined) return this.reruns.giveUp(whereOf(stretch), error);
    if (items.length > 1) {
      const cut = middle.record.offset;
      return this.settleEach([
        { ...stretch, next: cut, items: items.slice(0, half) },
        { ...stretch, from: cut, items: items.slice(half) },
      ]);
    }
    if (subscriptions.length > 1) return this.settleEach(subscriptions.map((each) => ({ ...stretch, subscriptions: [each] })));
    const canBeAtFault = first.event !== null && first.subscriptions.includes(one) && this.deps.failures.parked(one, first) === null;
    if (!canBeAtFault) return this.reruns.giveUp(whereOf(stretch), error);
    this.deps.failures.park(one, first, error);
    return this.settle(stretch);
  }

  private async settleEach(parts: readonly Stretch[]): Promise<Stop | null> {
    for (const part of parts) {
      const stop = await this.settle(part);
      if (stop !== null) return stop;
    }
    return null;
  }
}

function whereOf({ topic, partition, from }: Stretch): Where {
  return { topic, partition, from };
}
