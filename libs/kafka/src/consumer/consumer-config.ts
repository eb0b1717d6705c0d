import type { PartitionOffsets } from '../admin/offsets.js';
import type { KafkaConfig } from '../client/kafka-config.js';
import { silentLogger, type KafkaLogger } from '../logger.js';
import type { RecordProcessor } from './worker-options.js';
import type { SliceLimits } from './record-batch.js';

export interface TopicPartition {
  readonly topic: string;
  readonly partition: number;
}

/** Everything before the offset is done. */
export interface StoredPosition extends TopicPartition {
  readonly offset: number;
}

/** Null: nothing of this partition is wanted. */
export type StartOf = TopicPartition & { readonly offset: number | null };

export interface ConsumerSettings {
  /**
   * ms without a heartbeat after which the group goes on without this member; so long its partitions wait
   * after a crash. Short, because no handler can hold heartbeats up. Default 10 000.
   */
  readonly sessionTimeout: number;
  /** ms that members have to join again. Default 10 000. */
  readonly rebalanceTimeout: number;
  /** ms between heartbeats. Default 3 000. */
  readonly heartbeatInterval: number;
  /** Bytes of one fetch. Default 4 MB. */
  readonly maxBytes: number;
  /** Bytes of one fetch from one partition. Default 512 KB. */
  readonly maxBytesPerPartition: number;
  /**
   * ms that the broker keeps a fetch waiting while there is nothing; also the longest that a paused
   * partition waits to be fetched again, and that a stop takes. After 5 s without records it is 500, if this
   * is less, until there are some. Default 100.
   */
  readonly maxWaitTimeInMs: number;
  /** Partitions whose slices are processed at the same time. Default 4. */
  readonly partitionsConsumedConcurrently: number;
  /**
   * What is handed to the processor at once; it makes transactions of its own size of that, and prepares one
   * while the database works on the one before. Default 2 000 records, 1 MB.
   */
  readonly slice: SliceLimits;
  /**
   * Records that may wait in this process, all partitions together; each may hold 1 000 in any case.
   * kafkajs looks only every `maxWaitTimeInMs` whether paused partitions go on, and the records that wait
   * must last so long. Default 24 000.
   */
  readonly mostWaiting: number;
  /** ms between commits of the group's offsets, which only tools and new services read. Default 2 000. */
  readonly commitIntervalMs: number;
  /** ms between looks at where partitions end. Default 10 000. */
  readonly watchIntervalMs: number;
  /** ms without a record from a partition that has some, after which the consumer is built anew. Default 60 000. */
  readonly stallTimeoutMs: number;
  /** ms for the first attempt to connect again; doubles up to `reconnectMaxMs`. Default 500. */
  readonly reconnectMs: number;
  /** Default 10 000. */
  readonly reconnectMaxMs: number;
  /** ms that a stop lets the slices in work run before it cuts them off. Default 5 000. */
  readonly drainMs: number;
}

/** A topic without whose records no other can be handled rightly. */
export interface FirstTopic {
  /** One of the consumer's topics. */
  readonly topic: string;
  /** Whether everything before these offsets is done, whichever member of the group did it. Asked again until it is. */
  isRead(ends: readonly PartitionOffsets[]): Promise<boolean>;
  /** Called, each time that partitions were assigned, when it is read and the others begin. */
  onRead(): void;
}

export interface ConsumerOptions {
  readonly kafka: KafkaConfig;
  /** The service's name. */
  readonly groupId: string;
  readonly topics: readonly string[];
  readonly processor: RecordProcessor;
  /**
   * Where the service's database says that a partition goes on: the lowest position of its handlers.
   * Nothing for a partition that no handler has a position in. Default: the group's offsets, and the
   * processor corrects them.
   */
  readonly positions?: (partitions: readonly PartitionOffsets[]) => Promise<readonly StartOf[]>;
  /** Read up to where it ends when partitions are assigned, before any record of the other topics is handled. Default: all begin together. */
  readonly first?: FirstTopic;
  readonly settings?: Partial<ConsumerSettings>;
  readonly logger?: KafkaLogger;
}

export interface ConsumerPlan extends ConsumerOptions {
  readonly settings: ConsumerSettings;
  readonly logger: KafkaLogger;
}

const defaults: ConsumerSettings = {
  sessionTimeout: 10_000,
  rebalanceTimeout: 10_000,
  heartbeatInterval: 3_000,
  maxBytes: 4_194_304,
  maxBytesPerPartition: 524_288,
  maxWaitTimeInMs: 100,
  partitionsConsumedConcurrently: 4,
  slice: { records: 2_000, bytes: 1_048_576 },
  mostWaiting: 24_000,
  commitIntervalMs: 2_000,
  watchIntervalMs: 10_000,
  stallTimeoutMs: 60_000,
  reconnectMs: 500,
  reconnectMaxMs: 10_000,
  drainMs: 5_000,
};

export function consumerPlan(options: ConsumerOptions): ConsumerPlan {
  return { ...options, settings: { ...defaults, ...options.settings }, logger: options.logger ?? options.kafka.logger ?? silentLogger };
}
