export type { EventEnvelope, EventOf, NewEvent } from './envelope.js';
export type { IncomingRecord, OutgoingRecord, RecordPublisher, SchemaIds } from './records.js';
