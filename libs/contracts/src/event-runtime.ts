/** What generated event files stand on; the generator writes this path into each of them. */
export { defineEvent } from './define-event.js';
export type { AvroRecordSchema, EventType } from './event-type.js';
export { type Upcaster, upcaster } from './upcasters/upcaster.js';
