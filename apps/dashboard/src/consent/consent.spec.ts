import { describe, expect, it } from '@jest/globals';
import { consentPurposes } from '@lifeos/service';
import fc from 'fast-check';
import { decideEvent, decidePurpose, expire, firstExpiry, undecided, type Consent, type ConsentStatus } from './consent.js';

const start = new Date('2026-01-01T00:00:00Z');
const after = (ms: number): Date => new Date(start.getTime() + ms);
const year = 365 * 86_400_000;
const withStatus = (status: ConsentStatus): Consent => ({ ...undecided, revision: 4, purposes: { ...undecided.purposes, analytics: { status, since: start } } });

describe('a decision on a purpose', () => {
  it.each<[ConsentStatus, boolean, ConsentStatus | null]>([
    ['pending', true, 'granted'], ['pending', false, 'denied'],
    ['granted', true, null], ['granted', false, 'withdrawn'],
    ['denied', true, 'granted'], ['denied', false, null],
    ['withdrawn', true, 'granted'], ['withdrawn', false, null],
    ['expired', true, 'granted'], ['expired', false, 'denied'],
  ])('V-1: given %s, when granted is %s, then %s', (before, granted, expected) => {
    const next = decidePurpose(withStatus(before), { purpose: 'analytics', granted }, after(1));
    if (expected === null) expect(next).toBeNull();
    else expect(next).toEqual({ ...withStatus(before), revision: 5, changedAt: after(1), purposes: { ...undecided.purposes, analytics: { status: expected, since: after(1) } } });
  });
});

describe('a decision on an event type', () => {
  it('V-5: is kept by name, and an equal one is no change', () => {
    const refused = decideEvent(undecided, { eventType: 'InsightGenerated', allowed: false }, start);
    expect(refused).toMatchObject({ revision: 1, overrides: { InsightGenerated: false } });
    expect(decideEvent(refused ?? undecided, { eventType: 'InsightGenerated', allowed: false }, after(1))).toBeNull();
    expect(decideEvent(refused ?? undecided, { eventType: 'InsightGenerated', allowed: true }, after(1))).toMatchObject({ revision: 2, overrides: { InsightGenerated: true } });
  });
});

describe('expiry', () => {
  const granted = consentPurposes.reduce((consent, purpose) => decidePurpose(consent, { purpose, granted: true }, start) ?? consent, undecided);

  it.each([[year - 1, []], [year, ['marketing', 'research']], [year + 1, ['marketing', 'research']]])('V-3: %i ms after they were granted, %j are over', (ms, over) => {
    const next = expire(granted, after(ms));
    expect(consentPurposes.filter((purpose) => next?.purposes[purpose].status === 'expired')).toEqual(over);
    if (next) expect(next).toMatchObject({ revision: granted.revision + 1, changedAt: after(ms) });
  });

  it('V-3: comes at the first end, and to nothing else', () => {
    expect(firstExpiry(granted)).toEqual(after(year));
    expect(firstExpiry(undecided)).toBeNull();
    expect(firstExpiry(expire(granted, after(year)) ?? granted)).toBeNull();
    expect(expire(undecided, after(10 * year))).toBeNull();
  });
});

it('V-8: revisions rise by one with each change, whatever is decided', () => {
  const decision = fc.record({ purpose: fc.constantFrom(...consentPurposes), granted: fc.boolean() });
  fc.assert(fc.property(fc.array(decision, { maxLength: 30 }), (decisions) => {
    let consent = undecided;
    for (const one of decisions) {
      const next = decidePurpose(consent, one, start);
      if (next === null) expect(consent.purposes[one.purpose].status === 'granted').toBe(one.granted);
      else expect(next.revision).toBe(consent.revision + 1);
      consent = next ?? consent;
      expect(consent.purposes[one.purpose].status === 'granted').toBe(one.granted);
    }
  }), { numRuns: 50 });
});
