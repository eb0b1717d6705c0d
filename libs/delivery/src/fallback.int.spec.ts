import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { SleepLogged, SleepLoggedV2, SleepLoggedV3, workedMajors } from '@lifeos/contracts/testing';
import type { AnyEventType } from '@lifeos/contracts';
import type { HandlerDefinition } from './handler.js';
import { batchOf, done, Fixture, go } from './testing/fixture.js';
import { handlerOf, recordOf } from './testing/records.js';

let at: Fixture;
beforeAll(async () => {
  at = await Fixture.open();
});
afterAll(() => at.close());
beforeEach(() => at.clear());

const night = { user_id: 1, duration_ms: 60_000, notes: [] };
const payloads = new Map<AnyEventType, Buffer>([
  [SleepLogged, SleepLogged.encode({ user_id: 1, minutes: 1, note: '' })],
  [SleepLoggedV2, SleepLoggedV2.encode(night)],
  [SleepLoggedV3, SleepLoggedV3.encode({ ...night, device: null })],
]);
const written = (...types: AnyEventType[]) =>
  types.map((type, offset) => recordOf({ offset, type, value: payloads.get(type) ?? null, headers: { ce_type: type.recordName } }));
const order = [SleepLoggedV2, SleepLoggedV3, SleepLoggedV3, SleepLogged, SleepLoggedV2];

async function calls(more: Partial<HandlerDefinition>): Promise<string[]> {
  const made: string[] = [];
  const note = (how: string): HandlerDefinition['invoke'] => async (events) => void made.push(`${how}${events.map(({ type, payload }) => ` ${type.major}:${Object.keys(payload).length}`).join('')}`);
  const handler = { ...handlerOf('sleep', note('handles'), { types: [SleepLoggedV2], versions: '^2.0.0' }), fallback: note('falls back'), ...more };
  const processor = at.processor([handler], { knownTypes: workedMajors.types, upcasts: workedMajors.upcasts });
  expect(await processor.process(batchOf(written(...order)), go)).toEqual(done(order.length));
  return made;
}

describe('VR-9: a handler with a fallback', () => {
  it('has what it could not be given called there, as it was written, in the order of the events', async () => {
    expect(await calls({})).toEqual(['handles 2:3', 'falls back 3:4', 'falls back 3:4', 'handles 2:3', 'handles 2:3']);
  });

  it('as a batch handler gets both in stretches, one after the other', async () => {
    expect(await calls({ batch: true })).toEqual(['handles 2:3', 'falls back 3:4 3:4', 'handles 2:3 2:3']);
  });

  it('parks and retries what its fallback refuses under its own name', async () => {
    let isBroken = true;
    const tried: number[] = [];
    const fallback: HandlerDefinition['fallback'] = async ([event]) => {
      if (isBroken) throw new Error('not yet');
      tried.push(event?.type.major ?? 0);
    };
    await calls({ fallback });
    expect((await at.letters()).map(({ handler, offset, reason }) => [handler, offset, reason])).toEqual([1, 2, 3, 4].map((offset) => ['sleep', offset, offset === 1 ? 'handler_error' : null]));
    isBroken = false;
    const handler = { ...handlerOf('sleep', async ([event]) => void tried.push(event?.type.major ?? 0), { types: [SleepLoggedV2], versions: '^2.0.0' }), fallback };
    const later = () => new Date(Date.now() + 3_600_000);
    await at.retrier([handler], { knownTypes: workedMajors.types, upcasts: workedMajors.upcasts, now: later }).retryDue();
    expect([tried, await at.letters()]).toEqual([[3, 3, 2, 2], []]);
  });
});
