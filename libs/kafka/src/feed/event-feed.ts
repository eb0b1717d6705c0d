import { BatchProcessor, HandlerStarts, type BatchProcessorOptions } from '@lifeos/delivery';
import { offsetsAtTime, topicOffsets } from '../admin/offsets.js';
import type { KafkaConfig } from '../client/kafka-config.js';
import type { ConsumerSettings, FirstTopic } from '../consumer/consumer-config.js';
import type { ConsumerState } from '../consumer/consumer-state.js';
import { KafkaConsumerRunner } from '../consumer/kafka-consumer-runner.js';
import { silentLogger, type KafkaLogger } from '../logger.js';
import { CatchUps } from './catch-ups.js';

export interface EventFeedOptions {
  readonly kafka: KafkaConfig;
  /** The service's group. */
  readonly groupId: string;
  readonly topics: readonly string[];
  readonly delivery: Omit<BatchProcessorOptions, 'catchUp' | 'currentHighWatermark' | 'knownTypes'> & Required<Pick<BatchProcessorOptions, 'knownTypes'>>;
  /** Read before any record of the other topics is handled, by whichever group. Default: all begin together. */
  readonly first?: FirstTopic;
  readonly settings?: Partial<ConsumerSettings>;
  readonly logger?: KafkaLogger;
}

/**
 * Feeds the handlers of one service: its group feeds all that are up with it, and each handler that is new
 * among them has a group of its own until it has caught up. The service's group is never led back.
 */
export class EventFeed {
  private readonly live: KafkaConsumerRunner;
  private readonly catchUps: CatchUps;
  private readonly waitsForFirst: boolean;

  /** @throws HandlerNameTaken, InvalidVersionRange, VersionGapsInRange */
  constructor({ kafka, groupId, topics, delivery, first, settings = {}, logger = kafka.logger ?? silentLogger }: EventFeedOptions) {
    const { handlers, database, knownTypes, upcasts } = delivery;
    const starts = new HandlerStarts({ handlers, database, knownTypes, ...(upcasts ? { upcasts } : {}), offsetsAt: (topic, time) => offsetsAtTime(kafka, topic, time) });
    const options: BatchProcessorOptions = { ...delivery, currentHighWatermark: (topic, partition) => highWatermark(kafka, topic, partition) };
    this.waitsForFirst = first !== undefined;
    const common = { kafka, topics, logger };
    this.live = new KafkaConsumerRunner({
      ...common, groupId, settings,
      ...(first ? { first: { ...first, onRead: () => this.firstIsRead(first) } } : {}),
      processor: new BatchProcessor(options),
      positions: async (partitions) => {
        const found = await starts.begin(partitions);
        this.catchUps.wake();
        return found;
      },
    });
    this.catchUps = new CatchUps({ ...common, groupId, settings, starts, delivery: options, held: () => this.state().partitions });
  }

  async start(): Promise<void> {
    await this.live.start();
    if (!this.waitsForFirst) this.catchUps.start();
  }

  async stop(): Promise<void> {
    await Promise.all([this.catchUps.stop(), this.live.stop()]);
  }

  private firstIsRead(first: FirstTopic): void {
    this.catchUps.start();
    first.onRead();
  }

  /** Of the service's group. */
  state(): ConsumerState {
    return this.live.state();
  }
}

async function highWatermark(kafka: KafkaConfig, topic: string, partition: number): Promise<number> {
  const found = (await topicOffsets(kafka, topic)).find((candidate) => candidate.partition === partition);
  if (!found) throw new Error(`${topic} has no partition ${partition}.`);
  return found.high;
}
