import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { allEventTypes } from '@lifeos/contracts';
import { ConsentsBehind } from '../errors.js';
import type { DeliveryLog } from '../ports.js';
import { batchOf, batchWriter, done, Fixture, go, writer } from '../testing/fixture.js';
import { recordOf } from '../testing/records.js';
import { MoodNoted, moodOf, ScriptedGate } from '../testing/sensitive.js';

let at: Fixture;
beforeAll(async () => {
  at = await Fixture.open();
});
afterAll(() => at.close());
beforeEach(() => at.clear());

const knownTypes = [...allEventTypes, MoodNoted];
const forAll = { types: '*' as const };
const oddOnly = () => new ScriptedGate(({ userId }) => (userId === null ? 'user_id_missing' : userId % 2 === 1 ? 'allowed' : 'no_consent'));
const moods = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => moodOf({ offset: from + i, user: from + i + 1 }));

describe('BatchProcessor with a gate', () => {
  it('V-6: gives a sensitive event to no handler without consent, wildcards and batch handlers included, and counts it', async () => {
    const gate = oddOnly();
    const handlers = [writer('one', undefined, { types: [MoodNoted] }), writer('all', undefined, forAll), batchWriter('many', undefined, { types: [MoodNoted] })];
    const processor = at.processor(handlers, { gate, knownTypes });
    expect(await processor.process(batchOf([...moods(0, 4), recordOf({ offset: 4, user: 2 })]), go)).toEqual(done(5));
    expect(await at.effects()).toEqual([['one', 1], ['all', 1], ['one', 3], ['all', 3], ['all', 5], ['many', 1], ['many', 3]]);
    expect(gate.asked).toBe(1);
    expect(gate.decisions).toEqual(['1 handled', '2 no_consent', '3 handled', '4 no_consent']);
    expect(at.told).toContain('skipped consent 2');
    expect(await at.letters()).toEqual([]);
  });

  it('V-6: does not ask about batches without sensitive events', async () => {
    const gate = oddOnly();
    await at.processor([writer('one')], { gate, knownTypes }).process(batchOf([recordOf({ offset: 0 }), recordOf({ offset: 1 })]), go);
    expect([gate.asked, gate.recorded]).toEqual([0, []]);
  });

  it('V-6: does not handle one that names no user, and says that user_id is missing', async () => {
    const gate = oddOnly();
    const errors: string[] = [];
    const logger: DeliveryLog = { info: () => undefined, warn: () => undefined, error: (message) => errors.push(message) };
    const processor = at.processor([writer('one', undefined, { types: [MoodNoted] })], { gate, knownTypes, logger });
    expect(await processor.process(batchOf([moodOf({ offset: 0, isNobodys: true }), moodOf({ offset: 1, user: 3 })]), go)).toEqual(done(2));
    expect(await at.effects()).toEqual([['one', 2]]);
    expect(errors).toEqual(['lifeos.quests.v1.MoodNoted needs consent and is not handled: its user_id is missing']);
    expect(gate.decisions).toEqual(['3 handled', 'null user_id_missing']);
  });

  it('V-6: handles a copy of a refused event as little as the event', async () => {
    const gate = oddOnly();
    const processor = at.processor([writer('one', undefined, { types: [MoodNoted] })], { gate, knownTypes });
    await processor.process(batchOf([moodOf({ offset: 0, user: 2, event: 'e' }), moodOf({ offset: 1, user: 2, event: 'e' })]), go);
    expect(gate.decisions).toEqual(['2 no_consent']);
  });

  it('V-8: waits and handles nothing while newer consents are on their way', async () => {
    const gate = oddOnly();
    gate.waits = ['Newer consents are read first'];
    const processor = at.processor([writer('one', undefined, { types: [MoodNoted] })], { gate, knownTypes });
    const batch = batchOf([moodOf({ offset: 0, revision: 7 })]);
    expect(await processor.process(batch, go)).toMatchObject({ kind: 'pause', reason: 'Newer consents are read first' });
    expect(await at.effects()).toEqual([]);
    expect(await processor.process(batch, go)).toEqual(done(1));
    expect(await at.effects()).toEqual([['one', 1]]);
  });

  it('V-8: parks what cannot be judged, and judges it again when it is retried', async () => {
    let known = false;
    const gate = new ScriptedGate(({ userId }) => (known ? 'allowed' : new ConsentsBehind('MoodNoted', userId ?? 0, 'revision 7 is unknown')));
    let now = new Date('2026-11-21T12:00:00Z');
    const handlers = [writer('one', undefined, { types: [MoodNoted] })];
    const options = { gate, knownTypes, now: () => now };
    await at.processor(handlers, options).process(batchOf([moodOf({ offset: 0 }), recordOf({ offset: 1 })]), go);
    expect(await at.letters()).toEqual([{ handler: 'one', offset: 0, reason: 'infrastructure_error', code: 'CONSENTS_BEHIND', key: '1' }]);
    expect(gate.decisions).toEqual([]);
    now = new Date(now.getTime() + 3_600_000);
    await at.retrier(handlers, options).retryDue();
    expect(await at.letters()).toHaveLength(1);
    known = true;
    now = new Date(now.getTime() + 3_600_000);
    await at.retrier(handlers, options).retryDue();
    expect(await at.letters()).toEqual([]);
    expect(await at.effects()).toEqual([['one', 1]]);
    expect(gate.decisions).toEqual(['1 handled']);
  });

  it.each([['one event', writer], ['a batch', batchWriter]] as const)('V-6: refuses a parked letter whose person withdrew meanwhile (%s a call)', async (_, make) => {
    let withdrawn = false;
    let now = new Date('2026-11-21T12:00:00Z');
    const gate = new ScriptedGate(() => (withdrawn ? 'no_consent' : 'allowed'));
    const failing = make('one', () => Promise.reject(new Error('not now')), { types: [MoodNoted] });
    const options = { gate, knownTypes, now: () => now };
    await at.processor([failing], options).process(batchOf([moodOf({ offset: 0 }), moodOf({ offset: 1 })]), go);
    expect(await at.letters()).toHaveLength(2);
    expect(gate.decisions).toEqual([]);
    withdrawn = true;
    now = new Date(now.getTime() + 3_600_000);
    await at.retrier([make('one', undefined, { types: [MoodNoted] })], options).retryDue();
    expect(await at.letters()).toEqual([]);
    expect(await at.effects()).toEqual([]);
    expect(gate.decisions).toEqual(['1 no_consent', '1 no_consent']);
    expect(at.told).toContain('retried one left_out');
  });
});
