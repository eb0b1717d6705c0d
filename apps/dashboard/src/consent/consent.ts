import { consentPurposes, type ConsentPurpose } from '@lifeos/service';

/** V-1. */
export type ConsentStatus = 'pending' | 'granted' | 'denied' | 'withdrawn' | 'expired';

export interface Decision {
  readonly status: ConsentStatus;
  /** Null while nobody decided. */
  readonly since: Date | null;
}

/** What one person decided, whole. */
export interface Consent {
  /** 0 before the first decision; one more with each change. */
  readonly revision: number;
  readonly purposes: Readonly<Record<ConsentPurpose, Decision>>;
  /** V-5: true or false by event name. */
  readonly overrides: Readonly<Record<string, boolean>>;
  readonly changedAt: Date | null;
}

const pending: Decision = { status: 'pending', since: null };

/** V-3, V-14: nothing is allowed before somebody said so. */
export const undecided: Consent = {
  revision: 0,
  purposes: { analytics: pending, ai_insights: pending, social_features: pending, marketing: pending, research: pending, external_integrations: pending },
  overrides: {},
  changedAt: null,
};

/** V-1: null when this changes nothing. */
export function decidePurpose(consent: Consent, { purpose, granted }: { purpose: ConsentPurpose; granted: boolean }, now: Date): Consent | null {
  const status = statusAfter(consent.purposes[purpose].status, granted);
  if (status === consent.purposes[purpose].status) return null;
  return changed(consent, { purposes: { ...consent.purposes, [purpose]: { status, since: now } } }, now);
}

/** V-5: null when this changes nothing. */
export function decideEvent(consent: Consent, { eventType, allowed }: { eventType: string; allowed: boolean }, now: Date): Consent | null {
  if (Object.hasOwn(consent.overrides, eventType) && consent.overrides[eventType] === allowed) return null;
  return changed(consent, { overrides: { ...consent.overrides, [eventType]: allowed } }, now);
}

/** V-3: ends what has lasted its time; null when that is nothing. */
export function expire(consent: Consent, now: Date): Consent | null {
  const over = consentPurposes.filter((purpose) => isOver(purpose, consent.purposes[purpose], now));
  if (over.length === 0) return null;
  const ended = Object.fromEntries(over.map((purpose) => [purpose, { status: 'expired' as const, since: now }]));
  return changed(consent, { purposes: { ...consent.purposes, ...ended } }, now);
}

/** When the first consent ends by itself. */
export function firstExpiry({ purposes }: Consent): Date | null {
  const ends = consentPurposes.flatMap((purpose) => endOf(purpose, purposes[purpose]) ?? []);
  return ends.length === 0 ? null : new Date(Math.min(...ends));
}

const expiring: ReadonlySet<ConsentPurpose> = new Set(['marketing', 'research']);
const lastsMs = 365 * 86_400_000;

function endOf(purpose: ConsentPurpose, { status, since }: Decision): number | null {
  return expiring.has(purpose) && status === 'granted' && since !== null ? since.getTime() + lastsMs : null;
}

function isOver(purpose: ConsentPurpose, decision: Decision, now: Date): boolean {
  const end = endOf(purpose, decision);
  return end !== null && end <= now.getTime();
}

function statusAfter(before: ConsentStatus, granted: boolean): ConsentStatus {
  if (granted) return 'granted';
  if (before === 'granted') return 'withdrawn';
  return before === 'withdrawn' ? 'withdrawn' : 'denied';
}

function changed(consent: Consent, change: Partial<Consent>, now: Date): Consent {
  return { ...consent, ...change, revision: consent.revision + 1, changedAt: now };
}
