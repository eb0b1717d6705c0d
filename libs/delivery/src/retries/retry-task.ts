import { Failures } from '../failures.js';
import { textOf } from '../reruns.js';
import type { Subscription, TopicRoutes } from '../subscriptions.js';
import { releaseClaims, type Claim, type RetryQueue } from './retry-queues.js';
import { RetrySettler, type RetrySettlerDeps } from './retry-settler.js';

export interface RetryTaskDeps extends Omit<RetrySettlerDeps, 'failures' | 'signal'> {
  readonly subscription: Subscription;
  readonly routesOf: (topic: string) => TopicRoutes;
  /** Letters a transaction at most. */
  readonly maxEvents: number;
  /** No further transaction begins. */
  readonly leaving: AbortSignal;
  /** What is in work rolls back. */
  readonly ending: AbortSignal;
}

/** Queues of a transaction whose heads are expected to fail: more make one transaction too long. */
const queuesAtOnce = 200;
/** After so long the other handlers come first; what is left is claimed again. */
const budgetMs = 10_000;

/** The due queues of one handler, tried one transaction after the other. */
export class RetryTask {
  private readonly startedAt = performance.now();
  private readonly open: Set<string>;

  constructor(
    private readonly claims: readonly Claim[],
    private readonly deps: RetryTaskDeps,
  ) {
    this.open = new Set(claims.map(({ headId }) => headId));
  }

  /** Resolves with ms to wait before the handler is tried again: 0, unless infrastructure is away. Never rejects. */
  async run(): Promise<number> {
    const { database, logger, subscription } = this.deps;
    try {
      for (const { topic, queues } of chunksOf(this.claims)) {
        const pauseMs = await this.drain(topic, queues);
        if (pauseMs > 0 || this.isOver) return pauseMs;
      }
      return 0;
    } catch (error) {
      logger.error(`Retries of ${subscription.handler.name} met an error of our own and wait: ${textOf(error)}`, { handler: subscription.handler.name, error });
      return 1_000;
    } finally {
      // A claim that is not given back runs out by itself.
      await releaseClaims(database, [...this.open]).catch(() => undefined);
    }
  }

  /** Until each queue is empty, has a new failing head, or time is up. */
  private async drain(topic: string, queues: readonly RetryQueue[]): Promise<number> {
    const { ending, maxEvents, now, routesOf, subscription } = this.deps;
    let [rest, depth] = [queues, 1];
    while (rest.length > 0 && !this.isOver) {
      const settler = new RetrySettler({ ...this.deps, failures: new Failures(now), signal: ending });
      const settled = await settler.settle({ subscription, topic, routes: routesOf(topic), queues: rest, depth });
      if (settled.kind === 'aborted') return 0;
      if (settled.kind === 'pause') {
        this.deps.logger.warn(settled.reason, { topic, handler: subscription.handler.name });
        return settled.retryAfterMs;
      }
      for (const { headId } of rest) this.open.delete(headId);
      for (const { headId } of settled.more) this.open.add(headId);
      rest = settled.more;
      depth = Math.max(2, Math.floor(maxEvents / Math.max(rest.length, 1)));
    }
    return 0;
  }

  private get isOver(): boolean {
    return this.deps.leaving.aborted || performance.now() - this.startedAt > budgetMs;
  }
}

/** By topic, and those alone that ran out of time before: each of them costs a transaction. */
function chunksOf(claims: readonly Claim[]): { topic: string; queues: RetryQueue[] }[] {
  const chunks: { topic: string; queues: RetryQueue[] }[] = [];
  const open = new Map<string, RetryQueue[]>();
  for (const { topic, reason, key, headId } of claims) {
    const queue = { key, headId };
    const current = open.get(topic);
    if (reason === 'timeout') chunks.push({ topic, queues: [queue] });
    else if (current !== undefined && current.length < queuesAtOnce) current.push(queue);
    else {
      const queues = [queue];
      open.set(topic, queues);
      chunks.push({ topic, queues });
    }
  }
  // The ones that are quickly done come first.
  return chunks.sort((a, b) => b.queues.length - a.queues.length);
}
