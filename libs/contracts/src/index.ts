export type { AnyEventType, AvroRecordSchema, EventType, InputOf, JsonObject, JsonValue, PayloadOf } from './event-type.js';
