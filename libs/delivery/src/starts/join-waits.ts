import type { Queryable } from '@lifeos/postgres';
import type { Batch, BatchOutcome } from '../batch.js';
import { stopWaiting } from './join.js';

/** ms that a handler may keep the service's group waiting; a join that takes longer is tried again later. */
const longestWaitMs = 5_000;
const lookAgainMs = 25;

/** How long two groups have waited for each other at the offset where a handler changes from one to the other. */
export class JoinWaits {
  private readonly since = new Map<string, number>();

  constructor(
    private readonly db: Queryable,
    /** The service's group gives way when it waits too long; the one that feeds history has nothing else to do. */
    private readonly givesWay: boolean,
    private readonly now: () => number = () => performance.now(),
  ) {}

  async outcomeOf(held: { readonly handler: string; readonly offset: number }, batch: Batch): Promise<BatchOutcome> {
    const { topic, partition } = batch;
    const at = `${topic} ${partition}`;
    const since = this.since.get(at) ?? this.now();
    this.since.set(at, since);
    if (this.givesWay && this.now() - since > longestWaitMs) {
      await stopWaiting(this.db, batch);
      this.since.delete(at);
    }
    const reason = `${topic} partition ${partition} waits at ${held.offset}, where ${held.handler} joins its group`;
    return { kind: 'pause', isExpected: true, reason, retryAfterMs: this.givesWay ? lookAgainMs : 8 * lookAgainMs };
  }

  clear({ topic, partition }: Batch): void {
    this.since.delete(`${topic} ${partition}`);
  }
}
