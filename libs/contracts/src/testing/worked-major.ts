import { defineEvent } from '../define-event.js';
import type { AvroRecordSchema, EventType } from '../event-type.js';
import { UpcastChains } from '../upcasters/upcast-chains.js';
import { upcaster } from '../upcasters/upcaster.js';

/** An event that went through three majors, as `docs/evolve-a-schema.md` tells it. Not of the catalog. */
interface V1 { readonly user_id: number; readonly minutes: number; readonly note: string }
interface V2 { readonly user_id: number; readonly duration_ms: number; readonly notes: readonly string[] }
interface V3 extends V2 { readonly device: string | null }

const user = { name: 'user_id', type: 'long', doc: 'The person.', min: 1 };
const minutes = { name: 'minutes', type: 'int', doc: 'How long.' };
const note = { name: 'note', type: 'string', doc: 'Free text.', default: '', personal: true };
const duration = { name: 'duration_ms', type: 'long', doc: 'How long, in milliseconds.' };
const notes = { name: 'notes', type: { type: 'array', items: 'string' }, doc: 'Free texts.', personal: true };
const device = { name: 'device', type: ['null', 'string'], doc: 'What measured it; null when nobody knows.', default: null };

const released = (version: string, ...fields: AvroRecordSchema['fields']): AvroRecordSchema =>
  ({ type: 'record', namespace: `lifeos.health.v${version.split('.', 1)[0]}`, name: 'SleepLogged', doc: 'A night was logged.', version, fields: [user, ...fields] });
const event = <P extends object>(major: number, ...schemas: AvroRecordSchema[]): EventType<P, P> =>
  defineEvent<P, P>({ name: 'SleepLogged', context: 'health', major, topic: 'lifeos.health.events', schemas });

export const SleepLogged = event<V1>(1, released('1.0.0', minutes), released('1.1.0', minutes, note));
export const SleepLoggedV2 = event<V2>(2, released('2.0.0', duration, notes));
export const SleepLoggedV3 = event<V3>(3, released('3.0.0', duration, notes, device));

export const upcastToSleepLoggedV2 = ({ user_id, minutes: long, note: text }: V1): V2 => ({ user_id, duration_ms: long * 60_000, notes: text === '' ? [] : [text] });
/** Written out: a spread that adds a field takes twenty times as long. */
export const upcastToSleepLoggedV3 = ({ user_id, duration_ms, notes }: V2): V3 => ({ user_id, duration_ms, notes, device: null });

/** Every major of the worked event, and the functions between them. */
export const workedMajors = {
  types: [SleepLogged, SleepLoggedV2, SleepLoggedV3] as const,
  upcasts: new UpcastChains([upcaster(SleepLogged, SleepLoggedV2, upcastToSleepLoggedV2), upcaster(SleepLoggedV2, SleepLoggedV3, upcastToSleepLoggedV3)]),
};
