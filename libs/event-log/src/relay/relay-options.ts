import type { RecordPublisher, SchemaIds } from '@lifeos/events';
import type { SessionOptions } from '@lifeos/postgres';
import type { PartitionOf } from './cut-batch.js';

export interface RelayOptions {
  /** The relay keeps one connection of its own, for its lock. */
  readonly connection: SessionOptions;
  /** The publishing service, for example `quests`; goes into `ce_source`. */
  readonly service: string;
  readonly publisher: RecordPublisher;
  readonly schemaIds: SchemaIds;
  /** Bounds the bytes that one send gives a partition. Default: a topic is taken as one partition. */
  readonly partitionOf?: PartitionOf;
  /** Default 1 000. */
  readonly maxRows?: number;
  /** Default 512 KB: less than the broker takes in one batch, whatever its headers add. */
  readonly maxPartitionBytes?: number;
  /** How long an append of another process may stay unseen. Default 100 ms. */
  readonly pollMs?: number;
  /** How often one that does not lead tries to. Default 1 000 ms. */
  readonly takeOverMs?: number;
  /** Told of every failure that the relay recovers from by itself. */
  readonly onError?: (error: Error) => void;
}
