import { describe, expect, it } from '@jest/globals';
import { QuestCompleted } from '@lifeos/contracts';
import fc from 'fast-check';
import type { BatchItem } from './batch-item.js';
import { BatchFailure, HandlerTimeout } from './errors.js';
import { Failures } from './failures.js';
import { Subscription } from './subscriptions.js';
import { handlerOf, idOf, recordOf } from './testing/records.js';

const one = new Subscription(handlerOf('a', async () => undefined, { batch: true }));
const at = new Date('2026-11-21T10:00:00Z');

function itemOf(offset: number, key = String(offset)): BatchItem {
  const record = recordOf({ offset, user: offset + 1 });
  return {
    record, ceType: QuestCompleted.recordName, type: QuestCompleted, key, subscriptions: [one], event: null, fault: null,
    headers: { eventId: idOf(offset), type: '', version: null, time: null, subject: null, correlationId: null, causationId: null, source: '', traceparent: null },
  };
}
const items = Array.from({ length: 8 }, (_, offset) => itemOf(offset));
const [first] = items as [BatchItem];
const offsets = (calls: BatchItem[][]) => calls.map((call) => call.map(({ record }) => record.offset));
const newFailures = () => new Failures(() => at);
const transient = Object.assign(new Error('busy'), { retryable: true });

describe('Failures', () => {
  it('parks the event of a failed one-event call', () => {
    const failures = newFailures();
    failures.note(one, [first], new Error('no'));
    expect(failures.parked(one, first)).toMatchObject({ reason: 'handler_error', message: 'no', attempts: 1, firstFailedAt: at });
    expect(offsets(failures.calls(one, items))).toEqual([[1, 2, 3, 4, 5, 6, 7]]);
  });

  it('keeps later events of a parked one\'s key out of all further calls', () => {
    const failures = newFailures();
    const ofTwo = Array.from({ length: 8 }, (_, offset) => itemOf(offset, String(offset % 2)));
    failures.note(one, ofTwo, new BatchFailure([{ eventId: idOf(3), error: new Error('three') }]));
    expect(offsets(failures.calls(one, ofTwo))).toEqual([[0, 1, 2, 4, 6]]);
  });

  it('P-16: lets a policy say which errors are tried again at once, and which never', () => {
    const isBusy = (error: unknown) => error instanceof Error && error.message === 'busy';
    const strict = new Subscription(handlerOf('b', async () => undefined, { retry: { isTransient: isBusy, isFinal: (error) => !isBusy(error) } }));
    const failures = newFailures();
    for (let call = 0; call < 3; call++) failures.note(strict, [first], new Error('busy'));
    expect(failures.parked(strict, first)).toBeNull();
    failures.note(strict, [first], new Error('busy'));
    expect(failures.parked(strict, first)).toMatchObject({ attempts: 4, isFinal: false });
    failures.note(strict, [items[1] as BatchItem], new Error('odd'));
    expect(failures.parked(strict, items[1] as BatchItem)).toMatchObject({ attempts: 1, isFinal: true });
  });

  it('P-16: gives an error that says it is transient three further calls', () => {
    const failures = newFailures();
    for (let call = 1; call <= 3; call++) {
      failures.note(one, [first], transient);
      expect(failures.parked(one, first)).toBeNull();
    }
    failures.note(one, [first], transient);
    expect(failures.parked(one, first)).toMatchObject({ attempts: 4 });
  });

  it('parks exactly the events that a batch handler names', () => {
    const failures = newFailures();
    failures.note(one, items, new BatchFailure([{ eventId: idOf(2), error: new Error('two') }, { eventId: idOf(5), error: 'five' }]));
    expect(offsets(failures.calls(one, items))).toEqual([[0, 1, 3, 4, 6, 7]]);
    expect(failures.parked(one, items[2] as BatchItem)).toMatchObject({ message: 'two' });
    expect(failures.parked(one, items[5] as BatchItem)).toMatchObject({ message: 'five', reason: 'unknown_error' });
  });

  it.each([['nothing', []], ['an event that it was not given', [{ eventId: idOf('x'), error: new Error() }]]])(
    'splits the call when a batch handler names %s',
    (_, named) => {
      const failures = newFailures();
      failures.note(one, items, new BatchFailure(named));
      expect(offsets(failures.calls(one, items))).toEqual([[0, 1, 2, 3], [4, 5, 6, 7]]);
    },
  );

  it('names a late handler as timeout', () => {
    const failures = newFailures();
    failures.note(one, [first], new HandlerTimeout('a', 10));
    expect(failures.parked(one, first)).toMatchObject({ reason: 'timeout', code: 'HANDLER_TIMEOUT' });
  });

  it('finds exactly the bad events of a batch handler that names none', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.nat(7)), (bad) => {
        const failures = newFailures();
        const handled: number[] = [];
        let rest = items;
        for (let [next] = failures.calls(one, rest); next !== undefined; [next] = failures.calls(one, rest)) {
          const called = next;
          if (called.some(({ record }) => bad.includes(record.offset))) failures.note(one, called, new Error('bad'));
          else {
            handled.push(...called.map(({ record }) => record.offset));
            rest = rest.filter((item) => !called.includes(item));
          }
        }
        expect(handled).toEqual(items.map(({ record }) => record.offset).filter((offset) => !bad.includes(offset)));
        expect(items.filter((item) => failures.parked(one, item) !== null)).toHaveLength(bad.length);
      }),
    );
  });

  it('cuts what it keeps of an error to what the database takes', () => {
    const failures = newFailures();
    failures.note(one, [first], new Error('x' + 'ü'.repeat(5_000)));
    const failure = failures.parked(one, first);
    expect(Buffer.byteLength(failure?.stack ?? '')).toBeLessThanOrEqual(8_192);
    expect(failure?.message.endsWith('ü')).toBe(true);
    failures.note(one, [items[1] as BatchItem], new Error('a\0b'));
    expect(failures.parked(one, items[1] as BatchItem)?.message).toBe('a\uFFFDb');
  });
});
