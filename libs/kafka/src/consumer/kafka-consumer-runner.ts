import { backoff, settledWithin, sleep } from '../timing.js';
import { consumerPlan, type ConsumerOptions, type ConsumerPlan } from './consumer-config.js';
import { ConsumerSession } from './consumer-session.js';
import type { ConsumerState } from './consumer-state.js';

/** What the runner needs of a session; a test puts its own in the place of Kafka's. */
export type Session = Pick<ConsumerSession, 'open' | 'close' | 'ended' | 'states' | 'isJoined' | 'release'>;

/**
 * Consumes for one service as a member of its group, for as long as it is started: a broker that is
 * away, a topic that is still missing, a consumer that crashed or went quiet are met by building a new
 * consumer after a while.
 */
export class KafkaConsumerRunner {
  private readonly plan: ConsumerPlan;
  private readonly build: (plan: ConsumerPlan) => Session;
  private status: ConsumerState['status'] = 'stopped';
  private since = new Date();
  private lastError: string | null = null;
  private built = 0;
  private session: Session | null = null;
  private stopping = new AbortController();
  private running: Promise<void> = Promise.resolve();
  private calls: Promise<void> = Promise.resolve();

  constructor(options: ConsumerOptions, build: (plan: ConsumerPlan) => Session = (plan) => new ConsumerSession(plan)) {
    this.plan = consumerPlan(options);
    this.build = build;
  }

  /** Begins to consume in the background; resolves at once, also while the broker is away. */
  start(): Promise<void> {
    return this.oneAfterTheOther(async () => {
      if (this.status !== 'stopped') return;
      this.stopping = new AbortController();
      this.setStatus('connecting');
      this.running = this.supervise(this.stopping.signal);
    });
  }

  /** Takes no more records, lets those in work end, commits, leaves the group: within `drainMs` and 5 s more. */
  stop(): Promise<void> {
    return this.oneAfterTheOther(async () => {
      if (this.status === 'stopped') return;
      this.setStatus('stopping');
      this.stopping.abort();
      await this.session?.close(this.plan.settings.drainMs);
      await settledWithin(1_000, this.running);
      this.session = null;
      this.setStatus('stopped');
    });
  }

  /** After a person decided what a halt asked for: the partition is tried again. False when it is not halted here. */
  release(topic: string, partition: number): boolean {
    return this.session?.release(topic, partition) ?? false;
  }

  state(): ConsumerState {
    const { status, since, lastError, built } = this;
    const isRunning = status === 'connecting' && this.session?.isJoined === true;
    return { status: isRunning ? 'running' : status, since, lastError, built, groupId: this.plan.groupId, partitions: this.session?.states ?? [] };
  }

  private async supervise(stopping: AbortSignal): Promise<void> {
    const { reconnectMs, reconnectMaxMs } = this.plan.settings;
    for (let failures = 0; !stopping.aborted; failures += 1) {
      const session = this.build(this.plan);
      this.session = session;
      this.built += 1;
      const startedAt = Date.now();
      const error = await this.untilEnd(session);
      if (stopping.aborted) return;
      // One that worked for a while starts over with the shortest wait.
      if (Date.now() - startedAt > 60_000) failures = 0;
      const retryAfterMs = backoff(failures, reconnectMs, reconnectMaxMs);
      this.lastError = error.message;
      this.plan.logger.warn({ err: error, groupId: this.plan.groupId, retryAfterMs }, 'The consumer ended and is built anew');
      await session.close(0);
      await sleep(retryAfterMs, stopping);
    }
  }

  private async untilEnd(session: Session): Promise<Error> {
    try {
      // A crash while it opens does not make `open` reject.
      await Promise.race([session.open(), session.ended]);
      return await session.ended;
    } catch (error) {
      return error instanceof Error ? error : new Error(String(error));
    }
  }

  /** Start and stop never overlap: kafkajs hangs or goes on consuming when they do. */
  private oneAfterTheOther(work: () => Promise<void>): Promise<void> {
    const call = this.calls.then(work);
    this.calls = call.catch(() => {});
    return call;
  }

  private setStatus(status: ConsumerState['status']): void {
    this.status = status;
    this.since = new Date();
  }
}
