import { BatchProcessor, type BatchProcessorOptions, type CatchingUp, type HandlerStarts } from '@lifeos/delivery';
import { deleteGroups } from '../admin/offsets.js';
import type { KafkaConfig } from '../client/kafka-config.js';
import type { ConsumerSettings, TopicPartition } from '../consumer/consumer-config.js';
import { KafkaConsumerRunner } from '../consumer/kafka-consumer-runner.js';
import { Slots } from '../consumer/slots.js';
import type { KafkaLogger } from '../logger.js';
import { GrowingWait, sleep } from '../timing.js';

export interface CatchUpsOptions {
  readonly kafka: KafkaConfig;
  readonly groupId: string;
  readonly settings: Partial<ConsumerSettings>;
  readonly starts: HandlerStarts;
  readonly delivery: BatchProcessorOptions;
  /** Partitions that this instance consumes for the service's group. */
  readonly held: () => readonly TopicPartition[];
  readonly logger: KafkaLogger;
}

/** Batches of all catch-ups at once; each takes a connection to the database. */
const batchesAtOnce = 2;
const lookMs = 200;
/** Another instance may have met a handler that is new, and wait for help. */
const idleLookMs = 5_000;

interface Running {
  readonly runner: KafkaConsumerRunner;
  readonly partitions: ReadonlySet<string>;
}

/**
 * For each handler that has history to read, a member of that handler's own group; gone once the handler is
 * live everywhere. Every instance of the service runs one, so a dead one's work is taken over.
 */
export class CatchUps {
  private readonly running = new Map<string, Running>();
  private readonly slots = new Slots(batchesAtOnce);
  private readonly failures = new GrowingWait(500, 10_000);
  private readonly leaving = new AbortController();
  private nap = new AbortController();
  private work: Promise<void> | null = null;

  constructor(private readonly options: CatchUpsOptions) {}

  start(): void {
    this.work ??= this.run();
  }

  /** A handler may have begun. */
  wake(): void {
    this.nap.abort();
  }

  async stop(): Promise<void> {
    this.leaving.abort();
    this.wake();
    await this.work;
    await Promise.all([...this.running.values()].map(({ runner }) => runner.stop()));
  }

  private async run(): Promise<void> {
    while (!this.leaving.signal.aborted) {
      this.nap = new AbortController();
      const ms = await this.look().catch((err: unknown) => {
        const retryAfterMs = this.failures.next();
        this.options.logger.warn({ err, retryAfterMs }, 'Which handlers have yet to catch up cannot be read; it is tried again');
        return retryAfterMs;
      });
      if (!this.leaving.signal.aborted) await sleep(ms, this.nap.signal);
    }
  }

  private async look(): Promise<number> {
    const open = await this.options.starts.catchingUp();
    const byHandler = new Map<string, CatchingUp[]>();
    for (const one of open) byHandler.set(one.handler, [...(byHandler.get(one.handler) ?? []), one]);
    for (const handler of [...this.running.keys()]) if (!byHandler.has(handler)) await this.end(handler);
    for (const [handler, partitions] of byHandler) await this.feed(handler, partitions);
    await this.join(open);
    this.failures.reset();
    return open.length > 0 ? lookMs : idleLookMs;
  }

  /** Joins a group for it; anew when there are partitions that it was not known to read when it joined. */
  private async feed(handler: string, partitions: readonly CatchingUp[]): Promise<void> {
    const names = new Set(partitions.map(keyOf));
    const before = this.running.get(handler);
    if (before !== undefined && [...names].every((name) => before.partitions.has(name))) return;
    await before?.runner.stop();
    const runner = this.runnerFor(handler, [...new Set(partitions.map(({ topic }) => topic))]);
    this.running.set(handler, { runner, partitions: names });
    this.options.logger.info({ handler, partitions: [...names] }, 'A new handler reads its history under a group of its own');
    if (!this.leaving.signal.aborted) await runner.start();
  }

  private runnerFor(handler: string, topics: readonly string[]): KafkaConsumerRunner {
    const { delivery, kafka, logger, settings, starts } = this.options;
    const processor = new BatchProcessor({ ...delivery, catchUp: handler });
    return new KafkaConsumerRunner({
      kafka, logger, settings, topics,
      groupId: this.groupOf(handler),
      processor: { process: (batch, signal) => this.slots.run(() => processor.process(batch, signal)) },
      positions: async (partitions) => {
        const found = new Map((await starts.catchUpFrom(handler)).map((at) => [keyOf(at), at.offset]));
        return partitions.map(({ topic, partition }) => ({ topic, partition, offset: found.get(keyOf({ topic, partition })) ?? null }));
      },
    });
  }

  private async join(open: readonly CatchingUp[]): Promise<void> {
    const held = new Set(this.options.held().map(keyOf));
    for (const one of open) {
      if (one.hasCaughtUp && held.has(keyOf(one))) await this.options.starts.goLiveIfCaughtUp(one);
    }
  }

  private async end(handler: string): Promise<void> {
    const { kafka, logger } = this.options;
    const ended = this.running.get(handler);
    this.running.delete(handler);
    await ended?.runner.stop();
    logger.info({ handler }, 'A new handler has caught up and is fed by the group of its service');
    // Another instance's member may still be leaving; what is left over expires by itself.
    await deleteGroups(kafka, [this.groupOf(handler)]).catch((err: unknown) => logger.debug({ err, handler }, 'The group of a catch-up was left to expire'));
  }

  private groupOf(handler: string): string {
    return `${this.options.groupId}.catch-up.${handler}`;
  }
}

function keyOf({ topic, partition }: TopicPartition): string {
  return `${topic}/${partition}`;
}
