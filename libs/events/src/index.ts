export type { EventEnvelope, EventOf, NewEvent } from './envelope.js';
export {
  EventPathError,
  IncompatibleSchema,
  PublishFailed,
  RecordRefused,
  RegistryUnreachable,
  SchemaNotRegistered,
  type UndecodableFault,
  UndecodableRecord,
  UnknownSchemaId,
} from './errors.js';
export { consentRevisionOf, framedAvroContentType, headersOf, readHeaders } from './event-headers.js';
export type { EventHeaders, HeaderFault, HeaderSource } from './event-headers.js';
export { derivedEventId, newEventId } from './event-ids.js';
export type { DerivedEventIdentity } from './event-ids.js';
export type { IncomingRecord, OutgoingRecord, RecordDecoder, RecordPublisher, SchemaIds } from './records.js';
export { compareVersions, InvalidVersionRange, isVersion, majorOf, rangeHolds, rangeText } from './version-range.js';
export type { VersionBounds } from './version-range.js';
