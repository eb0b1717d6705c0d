import type { AnyEventType, EventType } from '../event-type.js';

/** Reads payloads of one major of an event as the next major. */
export interface Upcaster {
  readonly from: AnyEventType;
  readonly to: AnyEventType;
  readonly upcast: (payload: object) => object;
}

/**
 * Ties a hand-written function to the two majors that it leads between. The function must be pure: the
 * same payload gives the same answer at every reading, years apart, so it may ask no clock and no store.
 * What the older major does not say it makes up in one fixed way, or states as unknown.
 * @throws TypeError when the types are not neighbouring majors of one event.
 */
export function upcaster<Old extends object, OldInput extends object, New extends object, NewInput extends object>(
  from: EventType<Old, OldInput>,
  to: EventType<New, NewInput>,
  upcast: (payload: Old) => New,
): Upcaster {
  if (eventOf(from) !== eventOf(to) || to.major !== from.major + 1) {
    throw new TypeError(`an upcaster leads from a major to the next of the same event, not from ${from.recordName} to ${to.recordName}`);
  }
  return { from, to, upcast: (payload) => upcast(payload as Old) };
}

/** What all majors of an event share: `lifeos.quests.QuestCreated`. */
export function eventOf({ recordName, major, name }: Pick<AnyEventType, 'recordName' | 'major' | 'name'>): string {
  const suffix = `.v${major}.${name}`;
  return recordName.endsWith(suffix) ? `${recordName.slice(0, -suffix.length)}.${name}` : recordName;
}
