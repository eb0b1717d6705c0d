import { hash, randomUUID } from 'node:crypto';

/** Fixed for ever: another value would give every derived event a new id. */
const derivedIdNamespace = Buffer.from('8c3f6f0e6a5b5d0f9a393c1f8b0a7d11', 'hex');

let newestMs = 0;
let inSameMs = 0;
const countedInMs = 0x1000;

/** Id of an event that a command caused: UUID v7, rising within this process, also when its clock is set back. */
export function newEventId(): string {
  const now = Date.now();
  if (now > newestMs) {
    newestMs = now;
    inSameMs = 0;
  } else if (++inSameMs === countedInMs) {
    newestMs++;
    inSameMs = 0;
  }
  const time = newestMs.toString(16).padStart(12, '0');
  // The last 62 bits are random, behind the variant that all UUIDs of this kind share.
  return `${time.slice(0, 8)}-${time.slice(8)}-7${inSameMs.toString(16).padStart(3, '0')}${randomUUID().slice(18)}`;
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
  return nameBasedId(JSON.stringify([context, eventName, String(userId), fact]));
}

const variants = '89ab';

/** RFC 9562, 5.5; written out, since it runs for every event and the library takes six times as long. */
function nameBasedId(name: string): string {
  const hex = hash('sha1', Buffer.concat([derivedIdNamespace, Buffer.from(name)]), 'hex');
  const variant = variants.charAt(Number.parseInt(hex.charAt(16), 16) & 3);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-5${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
