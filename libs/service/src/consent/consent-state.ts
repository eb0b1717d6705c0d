import { allEventTypes, type AnyEventType } from '@lifeos/contracts';
import type { EventEnvelope } from '@lifeos/events';
import type { EndedConsent } from './consent-listener.js';
import { consentPurposes, type ConsentPurpose } from './consents.js';

/** What one person allows, as far as decisions need it. */
export interface Allowance {
  /** Status by purpose; only `granted` allows. */
  readonly purposes: Readonly<Record<string, unknown>>;
  /** By event name; wins over the purpose. */
  readonly overrides: Readonly<Record<string, unknown>>;
}

export const nothingAllowed: Allowance = { purposes: {}, overrides: {} };

/** Every event that needs consent (V-4). */
export const sensitiveTypes: readonly AnyEventType[] = allEventTypes.filter(({ purpose }) => purpose !== null);

/** V-5: the event's own word, else that of its purpose; unknown is no (V-3). */
export function allows({ purposes, overrides }: Allowance, { name, purpose }: Pick<AnyEventType, 'name' | 'purpose'>): boolean {
  if (purpose === null) return true;
  const own = Object.hasOwn(overrides, name) ? overrides[name] : undefined;
  if (typeof own === 'boolean') return own;
  return Object.hasOwn(purposes, purpose) && purposes[purpose] === 'granted';
}

/** Their names: what a person can allow or refuse one by one (V-5). */
export const sensitiveEventNames: readonly string[] = sensitiveTypes.map(({ name }) => name);

/** One purpose or one event type that is allowed from now on, or not any more. */
export interface ConsentChange {
  readonly eventType: AnyEventType | null;
  readonly purpose: string;
  readonly isAllowed: boolean;
  /** For example `granted -> withdrawn`. */
  readonly reason: string;
}

/** What differs between two states of one person: the statuses, and the events' own words. */
export function changesBetween(before: Allowance, after: Allowance): ConsentChange[] {
  const purposes = consentPurposes.flatMap((purpose) => {
    const [was, is] = [statusOf(before, purpose), statusOf(after, purpose)];
    return was === is ? [] : [{ eventType: null, purpose, isAllowed: is === 'granted', reason: `${was} -> ${is}` }];
  });
  const events = sensitiveTypes.flatMap((type) => {
    const [was, is] = [wordOn(before, type), wordOn(after, type)];
    return was === is || type.purpose === null ? [] : [{ eventType: type, purpose: type.purpose, isAllowed: allows(after, type), reason: `${was} -> ${is}` }];
  });
  return [...purposes, ...events];
}

/** What was allowed and is not any more; null when that is nothing. */
export function endedBetween(before: Allowance, after: Allowance, of: { userId: number; cause: EventEnvelope }): EndedConsent | null {
  const isGranted = (state: Allowance, purpose: ConsentPurpose): boolean => statusOf(state, purpose) === 'granted';
  const purposes = new Set(consentPurposes.filter((purpose) => isGranted(before, purpose) && !isGranted(after, purpose)));
  const eventTypes = new Set(sensitiveTypes.filter((type) => allows(before, type) && !allows(after, type)).map(({ name }) => name));
  return purposes.size === 0 && eventTypes.size === 0 ? null : { user_id: of.userId, purposes, eventTypes, cause: of.cause };
}

const statusOf = ({ purposes }: Allowance, purpose: string): string => {
  const status = Object.hasOwn(purposes, purpose) ? purposes[purpose] : undefined;
  return typeof status === 'string' ? status : 'pending';
};

const wordOn = ({ overrides }: Allowance, { name }: AnyEventType): string => {
  const word = Object.hasOwn(overrides, name) ? overrides[name] : undefined;
  if (typeof word !== 'boolean') return 'as its purpose';
  return word ? 'allowed' : 'refused';
};
