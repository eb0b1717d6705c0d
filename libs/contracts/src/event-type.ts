import type { Type } from 'avsc';

/** A JSON value as `JSON.parse` gives it. */
export type JsonValue = string | number | boolean | null | JsonValue[] | { [key: string]: JsonValue };
export type JsonObject = { [key: string]: JsonValue };

/** An Avro record schema as it stands in `schemas/<context>/<EventName>/<semver>.avsc`. */
export interface AvroRecordSchema {
  readonly type: 'record';
  readonly namespace: string;
  readonly name: string;
  readonly doc: string;
  /** The semver of the file. */
  readonly version: string;
  readonly fields: readonly Readonly<Record<string, unknown>>[];
  readonly [attribute: string]: unknown;
}

/**
 * One event of the catalog within one major version: its names, its released schemas, and the typed
 * way to build, encode and read its payload. Instances are generated from `schemas/`; there is one
 * of them for each event name and major.
 *
 * `Payload` is what readers get: every field present, strings not narrowed, because allowed values
 * bind the producer only. `Input` is what a producer states: fields with a default may be left out,
 * allowed values are literal types.
 */
export interface EventType<Payload extends object = object, Input extends object = Payload> {
  /** Catalog name, for example `QuestCompleted`. */
  readonly name: string;
  /** The context that publishes it, for example `quests`. */
  readonly context: string;
  readonly major: number;
  /** `lifeos.<context>.v<major>.<name>`: Avro full name, registry subject and CloudEvents type in one. */
  readonly recordName: string;
  /** Newest released version that this build knows; the one that producers write and readers get. */
  readonly version: string;
  /** Every released version of this major, oldest first. */
  readonly schemas: ReadonlyMap<string, AvroRecordSchema>;
  /** Kafka topic it is relayed to; null for a private event, which never leaves its service. */
  readonly topic: string | null;
  /** Consent purpose that the event needs, null for core events. */
  readonly purpose: string | null;
  /** False for records that tell a state and are no facts of the domain; wildcard handlers do not get them. */
  readonly isDomainEvent: boolean;
  /** Compiled Avro type of the newest version. Compiled on first use, then kept. */
  readonly avroType: Type;

  /**
   * Checks a producer's input and completes it with the defaults.
   * @throws InvalidEvent naming every missing, unknown or wrong field at once.
   */
  build(input: Input): Payload;
  /** Bare Avro of the newest version. The payload must come from `build` or from a decoder. */
  encode(payload: Payload): Buffer;
  /**
   * Reads bare Avro written under `writerVersion` (a released version of this major) as the newest version.
   * @throws Error when the version is unknown or the bytes do not fit it.
   */
  decode(bytes: Buffer, writerVersion: string): Payload;
  /** The JSON form of the catalog: ISO 8601 UTC datetimes, numbers for decimals. */
  toJson(payload: Payload): JsonObject;
  /** @throws InvalidEvent naming every fault. */
  fromJson(json: JsonObject): Payload;
}

/** The payload that readers of an event type get. */
export type PayloadOf<T> = T extends EventType<infer P, infer _I> ? P : never;
/** What a producer states to build an event of a type. */
export type InputOf<T> = T extends EventType<infer _P, infer I> ? I : never;
/** An event type whose payload is of no interest here. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- the one place where the payload's type is erased
export type AnyEventType = EventType<any, any>;
