import type { AnyEventType } from '@lifeos/contracts';

/** What goes to Kafka. `value` carries the Confluent framing already. */
export interface OutgoingRecord {
  readonly topic: string;
  readonly key: string;
  readonly value: Buffer;
  readonly headers: Readonly<Record<string, string | Buffer>>;
}

/**
 * Sends records to the broker.
 *
 * A resolved promise means: every record is written by all in-sync replicas, records of one key in
 * the order given. A rejected one means: nothing is known, any of them may have been written; the
 * caller sends the same records again and consumers drop what comes twice. `RecordRefused` means that
 * the broker will never take a record of this batch. Calls must not overlap.
 */
export interface RecordPublisher {
  publish(records: readonly OutgoingRecord[]): Promise<void>;
  close(): Promise<void>;
}

/** One record of a fetched batch, bytes untouched. Offsets stay below 2^53. */
export interface IncomingRecord {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: Readonly<Record<string, Buffer | string | (Buffer | string)[] | undefined>>;
  /** Broker or producer time, ms since epoch. */
  readonly timestamp: number;
}

/** Where the relay learns the registry's id for a schema version. */
export interface SchemaIds {
  /** @throws RegistryUnreachable (try again later) or SchemaNotRegistered (a release step is missing). */
  idFor(recordName: string, version: string): Promise<number>;
}

/**
 * Reads a record's payload as the newest version that this service was compiled with.
 *
 * Answers at once when the writer's schema is known, so that a batch needs no promise an event. Throws
 * or rejects with RegistryUnreachable (nothing is known, the record must wait), UnknownSchemaId or
 * UndecodableRecord (these bytes are not that event, also when the header's version is not the schema's).
 */
export interface RecordDecoder {
  decode(record: IncomingRecord, type: AnyEventType): object | Promise<object>;
}
