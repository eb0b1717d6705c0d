import type { Type } from 'avsc';
import { compileSchema } from './avro/compile-schema.js';
import { type Reader, readerFrom, readerOf } from './avro/reader.js';
import { type CrossFieldRule, crossFieldRules } from './cross-field-rules.js';
import type { AvroRecordSchema, EventType, JsonObject } from './event-type.js';
import { type Fault, InvalidEvent } from './invalid-event.js';
import { type Check, checkRecord } from './payload/check-value.js';
import type { FieldSchema } from './payload/field-schema.js';
import { jsonReader, jsonWriter } from './payload/json-form.js';

export interface EventDefinition {
  readonly name: string;
  readonly context: string;
  readonly major: number;
  readonly topic: string | null;
  /** At least one, oldest first. */
  readonly schemas: readonly AvroRecordSchema[];
}

/** Makes an event type of its released schemas. Called by generated code only; compiles nothing yet. */
export function defineEvent<Payload extends object, Input extends object>(definition: EventDefinition): EventType<Payload, Input> {
  return new DefinedEvent<Payload, Input>(definition);
}

class DefinedEvent<Payload extends object, Input extends object> implements EventType<Payload, Input> {
  readonly name: string;
  readonly context: string;
  readonly major: number;
  readonly recordName: string;
  readonly version: string;
  readonly schemas: ReadonlyMap<string, AvroRecordSchema>;
  readonly topic: string | null;
  readonly purpose: string | null;
  readonly isDomainEvent: boolean;
  private readonly newest: AvroRecordSchema;
  private readonly rules: readonly CrossFieldRule[];
  private readonly readers = new Map<string, Reader>();
  private compiled: Type | undefined;
  private check: Check | undefined;
  private writeJson: ((payload: object) => JsonObject) | undefined;
  private readJson: ((json: unknown) => unknown) | undefined;

  constructor({ name, context, major, topic, schemas }: EventDefinition) {
    const newest = schemas.at(-1);
    if (!newest) throw new TypeError(`${name} has no schema`);
    this.name = name;
    this.context = context;
    this.major = major;
    this.topic = topic;
    this.newest = newest;
    this.recordName = `${newest.namespace}.${newest.name}`;
    this.version = newest.version;
    this.schemas = new Map(schemas.map((schema) => [schema.version, schema]));
    this.purpose = typeof newest.purpose === 'string' ? newest.purpose : null;
    this.isDomainEvent = newest['domainEvent'] !== false;
    this.rules = crossFieldRules[this.recordName] ?? [];
  }

  get avroType(): Type {
    return (this.compiled ??= compileSchema(this.newest));
  }

  build(input: Input): Payload {
    return this.checked(input);
  }

  encode(payload: Payload): Buffer {
    return this.avroType.toBuffer(payload);
  }

  decode(bytes: Buffer, writerVersion: string): Payload {
    const reader = this.readers.get(writerVersion) ?? this.readerFor(writerVersion);
    return reader(bytes) as Payload;
  }

  toJson(payload: Payload): JsonObject {
    this.writeJson ??= jsonWriter(this.fields);
    return this.writeJson(payload);
  }

  fromJson(json: JsonObject): Payload {
    this.readJson ??= jsonReader(this.fields);
    return this.checked(this.readJson(json));
  }

  private get fields(): readonly FieldSchema[] {
    return this.newest.fields as readonly object[] as readonly FieldSchema[];
  }

  private readerFor(version: string): Reader {
    const schema = this.schemas.get(version);
    if (!schema) throw new Error(`${this.recordName} has no version ${version}; known are ${[...this.schemas.keys()].join(', ')}`);
    const reader = version === this.version ? readerOf(schema, this.avroType) : readerFrom(schema, this.avroType);
    this.readers.set(version, reader);
    return reader;
  }

  private checked(input: unknown): Payload {
    this.check ??= checkRecord(this.fields);
    const faults: Fault[] = [];
    const payload = this.check(input, '', faults) as Payload;
    const wrong = new Set(faults.map((fault) => fault.field.split(/[.[]/, 1)[0]));
    for (const { fields, holds, message } of this.rules) {
      const [named = ''] = fields;
      if (!fields.some((field) => wrong.has(field)) && !holds(payload as Record<string, unknown>)) faults.push({ field: named, message });
    }
    if (faults.length > 0) throw new InvalidEvent(this.name, this.version, faults);
    return payload;
  }
}
