import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { QuestFailed } from '@lifeos/contracts';
import type { IncomingRecord } from '@lifeos/events';
import fc from 'fast-check';
import { BatchFailure } from './errors.js';
import type { HandlerDefinition } from './handler.js';
import type { Fate } from './testing/failing-database.js';
import { FailingDatabase } from './testing/failing-database.js';
import { batchOf, batchWriter, Fixture, go, writer } from './testing/fixture.js';
import { idOf, recordOf } from './testing/records.js';

let at: Fixture;
beforeAll(async () => {
  at = await Fixture.open();
});
afterAll(() => at.close());

const size = 24;

/** What a topic holds, which events each handler cannot take, and how members of the group fetch it. */
const history = fc.record({
  // An event number below its offset makes the record a copy, or the copy of a copy.
  events: fc.array(fc.oneof({ weight: 4, arbitrary: fc.constant(null) }, { weight: 1, arbitrary: fc.nat(size) }), { minLength: size, maxLength: size }),
  foreign: fc.uniqueArray(fc.nat(size - 1), { maxLength: 6 }),
  unreadable: fc.uniqueArray(fc.nat(size - 1), { maxLength: 3 }),
  failing: fc.record({ one: fc.uniqueArray(fc.nat(size - 1), { maxLength: 4 }), named: fc.uniqueArray(fc.nat(size - 1), { maxLength: 4 }), vague: fc.uniqueArray(fc.nat(size - 1), { maxLength: 3 }) }),
  fetches: fc.array(
    fc.record({
      from: fc.nat(size - 1),
      length: fc.integer({ min: 1, max: size }),
      maxEvents: fc.integer({ min: 1, max: 12 }),
      fates: fc.array(fc.constantFrom<Fate>('lives', 'dies before commit', 'answer is lost'), { maxLength: 3 }),
      isBesideTheNext: fc.boolean(),
    }),
    { minLength: 1, maxLength: 6 },
  ),
});
type History = typeof history extends fc.Arbitrary<infer T> ? T : never;

function topicOf({ events, foreign, unreadable }: History): IncomingRecord[] {
  return events.map((event, offset) => {
    const source = event !== null && event < offset ? event : offset;
    // A copy has the key of what it copies.
    return recordOf({
      offset,
      event: source,
      user: 1 + (source % 3),
      ...(foreign.includes(offset) ? { type: QuestFailed } : {}),
      ...(unreadable.includes(source) ? { value: Buffer.from('junk') } : {}),
    });
  });
}

function handlersOf({ failing }: History): HandlerDefinition[] {
  const isBad = (bad: readonly number[]) => ({ eventId }: { eventId: string }) => bad.some((event) => idOf(event) === eventId);
  const fail = () => {
    throw new Error('cannot');
  };
  return [
    writer('one', (event) => isBad(failing.one)(event) && fail()),
    batchWriter('named', (events) => {
      const failures = events.filter(isBad(failing.named)).map(({ eventId }) => ({ eventId, error: new Error('cannot') }));
      if (failures.length > 0) throw new BatchFailure(failures);
    }),
    batchWriter('vague', (events) => events.some(isBad(failing.vague)) && fail()),
  ];
}

/** A member that fetches a stretch and does as it is told until the stretch is done. */
async function fetch(given: History, { from, length, maxEvents, fates }: History['fetches'][number]): Promise<void> {
  const records = topicOf(given);
  const processor = at.processor(handlersOf(given), { maxEvents, database: new FailingDatabase(at.database, [...fates]) });
  for (let next = from; next < Math.min(from + length, size); ) {
    const outcome = await processor.process(batchOf(records.slice(next, from + length), { fetchedOffset: next, highWatermark: size }), go);
    if (outcome.kind === 'done') next = outcome.nextOffset;
    else if (outcome.kind === 'seek') next = outcome.offset;
    else throw new Error(outcome.reason);
  }
}

describe('BatchProcessor', () => {
  it('P-18: every event takes effect once or is parked once for each handler, in order per key, whatever is fetched, copied, failing or crashing', async () => {
    await fc.assert(
      fc.asyncProperty(history, async (given) => {
        await at.clear();
        const { fetches } = given;
        for (let i = 0; i < fetches.length; i++) {
          const [one, other] = [fetches[i], fetches[i + 1]];
          if (one?.isBesideTheNext === true && other !== undefined) {
            await Promise.all([fetch(given, one), fetch(given, other)]);
            i++;
          } else if (one !== undefined) await fetch(given, one);
        }
        await fetch(given, { from: 0, length: size, maxEvents: 500, fates: [], isBesideTheNext: false });

        const originals = topicOf(given).filter(
          ({ offset, headers }, _, all) => !given.foreign.includes(offset) && all.findIndex((other) => other.headers['ce_id'] === headers['ce_id'] && !given.foreign.includes(other.offset)) === offset,
        );
        const effects = await at.rows<{ handler: string; event_id: string; user_id: string }>('SELECT handler, event_id, user_id FROM effects ORDER BY seq');
        const letters = await at.rows<{ handler: string; event_id: string }>('SELECT handler, event_id FROM dead_letters ORDER BY record_offset');
        for (const handler of ['one', 'named', 'vague'] as const) {
          const isParked = (id: string) => [...given.failing[handler], ...given.unreadable].some((event) => idOf(event) === id);
          const ids = originals.map(({ headers }) => String(headers['ce_id']));
          expect(letters.filter((letter) => letter.handler === handler).map((letter) => letter.event_id)).toEqual(ids.filter(isParked));
          for (const user of ['1', '2', '3']) {
            const expected = originals.filter(({ key, headers }) => String(key) === user && !isParked(String(headers['ce_id'])));
            const seen = effects.filter((effect) => effect.handler === handler && effect.user_id === user);
            expect(seen.map((effect) => effect.event_id)).toEqual(expected.map(({ headers }) => headers['ce_id']));
          }
        }
        expect(await at.positions()).toEqual({ 'named@0': size, 'one@0': size, 'vague@0': size });
      }),
      { numRuns: Number(process.env['LIFEOS_PROPERTY_RUNS'] ?? 40) },
    );
  }, 300_000);
});
