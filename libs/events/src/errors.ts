/** An error of the event path: a stable code, and whether trying again can help. */
export abstract class EventPathError extends Error {
  abstract readonly code: string;
  abstract readonly retryable: boolean;

  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
  }
}

/** The schema registry did not answer; nothing is known about the schema asked for. */
export class RegistryUnreachable extends EventPathError {
  readonly code = 'REGISTRY_UNREACHABLE';
  readonly retryable = true;

  constructor(readonly registry: string, reason: string, options?: ErrorOptions) {
    super(`The schema registry at ${registry} cannot be reached (${reason}); events wait until it answers`, options);
  }
}

/** The registry answered that it does not know a schema which this service publishes: its release step did not run. */
export class SchemaNotRegistered extends EventPathError {
  readonly code = 'SCHEMA_NOT_REGISTERED';
  readonly retryable = true;

  constructor(readonly recordName: string, readonly version: string, options?: ErrorOptions) {
    super(`Schema ${recordName} ${version} is not registered; run the release step that registers schemas`, options);
  }
}

/** A record carries a schema id that the registry does not know. */
export class UnknownSchemaId extends EventPathError {
  readonly code = 'UNKNOWN_SCHEMA_ID';
  readonly retryable = true;

  constructor(readonly schemaId: number, options?: ErrorOptions) {
    super(`The schema registry knows no schema with id ${schemaId}; check that producer and consumer use the same registry`, options);
  }
}

/** A schema breaks the compatibility of its subject. */
export class IncompatibleSchema extends EventPathError {
  readonly code = 'INCOMPATIBLE_SCHEMA';
  readonly retryable = false;

  constructor(readonly recordName: string, readonly version: string, readonly reasons: readonly string[], options?: ErrorOptions) {
    super(`Schema ${recordName} ${version} is not compatible with the versions before it: ${reasons.join('; ')}`, options);
  }
}

/** Why a record's bytes cannot be read. */
export type UndecodableFault =
  | 'no_value'
  | 'not_framed'
  | 'damaged'
  | 'other_type'
  | 'other_major'
  | 'version_mismatch'
  | 'unreadable_schema';

/** A record's bytes cannot be read as what they claim to be, now or later. */
export class UndecodableRecord extends EventPathError {
  readonly code = 'UNDECODABLE_RECORD';
  readonly retryable = false;
  readonly fault: UndecodableFault;

  constructor(readonly reason: string, options?: ErrorOptions & { readonly fault?: UndecodableFault }) {
    super(`The record cannot be decoded: ${reason}`, options);
    this.fault = options?.fault ?? 'damaged';
  }
}

/** The broker will never take a record of this batch, for example because it is too large. */
export class RecordRefused extends EventPathError {
  readonly code = 'RECORD_REFUSED';
  readonly retryable = false;

  constructor(readonly reason: string, options?: ErrorOptions) {
    super(`The broker refuses a record: ${reason}`, options);
  }
}

/** Sending failed and nothing is known: any of the records may have been written. */
export class PublishFailed extends EventPathError {
  readonly code = 'PUBLISH_FAILED';
  readonly retryable = true;

  constructor(readonly reason: string, options?: ErrorOptions) {
    super(`Publishing failed: ${reason}; the same records are sent again`, options);
  }
}
