import { v5, v7 } from 'uuid';

/** Fixed for ever: another value would give every derived event a new id. */
const derivedIdNamespace = '8c3f6f0e-6a5b-5d0f-9a39-3c1f8b0a7d11';

/** Id of an event that a command caused: UUID v7, rising within this process. */
export function newEventId(): string {
  return v7();
}

/** What makes an event raised by a handler or a schedule the same event when it is raised again. */
export interface DerivedEventIdentity {
  readonly context: string;
  readonly eventName: string;
  readonly userId: number | string;
  /** The fact's own key within context, event name and user, for example an achievement's id. */
  readonly fact: string;
}

/** Id of an event that follows from others: UUID v5, the same for the same fact. */
export function derivedEventId({ context, eventName, userId, fact }: DerivedEventIdentity): string {
  // JSON keeps the parts apart: ("a", "b:c") and ("a:b", "c") must not meet.
  return v5(JSON.stringify([context, eventName, String(userId), fact]), derivedIdNamespace);
}
