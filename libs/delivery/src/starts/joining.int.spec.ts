import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { allEventTypes } from '@lifeos/contracts';
import fc from 'fast-check';
import type { BatchProcessor } from '../batch-processor.js';
import type { HandlerDefinition } from '../handler.js';
import { batchOf, batchWriter, Fixture, go, writer } from '../testing/fixture.js';
import { recordOf, topic } from '../testing/records.js';
import { HandlerStarts } from './handler-starts.js';

let at: Fixture;
beforeAll(async () => {
  at = await Fixture.open();
});
afterAll(() => at.close());
beforeEach(() => at.clear());

const end = 40;
const records = Array.from({ length: end }, (_, offset) => recordOf({ offset, user: 1 + (offset % 3) }));
const replays: string[] = [];
const noteReplay: Parameters<typeof writer>[1] = ({ payload }, { isReplay, handler }) => void replays.push(`${handler} ${payload.quest_id} ${isReplay}`);
const old = writer('old');
const fresh = writer('fresh', noteReplay);
const both = [old, fresh];
const startsOf = (handlers: readonly HandlerDefinition[]) =>
  new HandlerStarts({ handlers, database: at.database, knownTypes: allEventTypes, offsetsAt: () => Promise.resolve(new Map([[0, 12]])) });
const bounds = { topic, partition: 0, low: 0, high: end };

/** A member of a group: goes on where it is told to, as a consumer does. */
class Member {
  next = 0;

  constructor(private readonly processor: BatchProcessor) {}

  async fetch(count: number): Promise<string> {
    const batch = records.slice(this.next, this.next + count);
    if (batch.length === 0) return 'end';
    const outcome = await this.processor.process(batchOf(batch, { fetchedOffset: this.next, highWatermark: end }), go);
    if (outcome.kind === 'done') this.next = outcome.nextOffset;
    if (outcome.kind === 'seek') this.next = outcome.offset;
    return outcome.kind;
  }
}

/** Where each of its groups goes on. */
async function members(handlers: readonly HandlerDefinition[], newcomer = 'fresh') {
  const starts = startsOf(handlers);
  const live = new Member(at.processor(handlers));
  const catchUp = new Member(at.processor(handlers, { catchUp: newcomer }));
  live.next = (await starts.begin([bounds]))[0]?.offset ?? -1;
  catchUp.next = (await starts.catchUpFrom(newcomer))[0]?.offset ?? -1;
  return { starts, live, catchUp };
}

async function effectsOf(name: string): Promise<number[]> {
  return (await at.effects()).flatMap(([handler, quest]) => (handler === name ? [quest - 1] : []));
}

const from = (first: number) => Array.from({ length: end - first }, (_, index) => first + index);

describe('a handler that is new in a group', () => {
  it('reads its history apart, joins where the group waits for it, and goes on with it; the group is not led back', async () => {
    replays.length = 0;
    const before = await members([old], 'old');
    await before.live.fetch(20);
    const { live, catchUp, starts } = await members(both);
    expect([live.next, catchUp.next]).toEqual([20, 0]);
    expect(await starts.catchingUp()).toEqual([{ handler: 'fresh', topic, partition: 0, hasCaughtUp: false }]);
    await live.fetch(5);
    expect(await catchUp.fetch(10)).toBe('done');
    expect(await live.fetch(5)).toBe('pause');
    expect(await catchUp.fetch(30)).toBe('pause');
    expect(await effectsOf('fresh')).toEqual(from(0).slice(0, 25));
    expect(await live.fetch(100)).toBe('done');
    expect(await catchUp.fetch(5)).toBe('finished');
    expect([await effectsOf('old'), await effectsOf('fresh')]).toEqual([from(0), from(0)]);
    expect(replays).toEqual(from(0).map((offset) => `fresh ${offset + 1} ${offset < 25}`));
    expect(await at.rows('SELECT start_from, start_offset::int, live_at::int, join_at FROM consumer_positions WHERE handler = $$fresh$$')).toEqual([
      { start_from: 'beginning', start_offset: 0, live_at: 25, join_at: null },
    ]);
  });

  it('goes live in a partition where nothing more comes', async () => {
    await (await members([old], 'old')).live.fetch(end);
    const { catchUp, starts } = await members(both);
    const where = { handler: 'fresh', topic, partition: 0 };
    expect(await starts.goLiveIfCaughtUp(where)).toBe(false);
    await catchUp.fetch(end);
    expect(await starts.catchingUp()).toEqual([{ ...where, hasCaughtUp: true }]);
    expect(await starts.goLiveIfCaughtUp(where)).toBe(true);
    expect([await starts.catchingUp(), await starts.goLiveIfCaughtUp(where)]).toEqual([[], false]);
  });

  it('starts at a time, at the end, or with the group when that has not come so far', async () => {
    await (await members([old], 'old')).live.fetch(20);
    const since = writer('since', undefined, { from: { timestamp: new Date(records[12]?.timestamp ?? 0) } });
    const { live, catchUp, starts } = await members([old, since, writer('tail', undefined, { from: 'latest' })], 'since');
    expect([live.next, catchUp.next, (await starts.catchingUp()).map(({ handler }) => handler)]).toEqual([20, 12, ['since']]);
    await catchUp.fetch(end);
    await live.fetch(end);
    expect([await effectsOf('since'), await effectsOf('tail')]).toEqual([from(12), []]);
  });

  it('in a new group begins with the others; what the partition held then is history, for batches as well', async () => {
    const calls: string[] = [];
    const batch = batchWriter('batch', (events, { isReplay }) => void calls.push(`${events.length} ${isReplay}`));
    const starts = startsOf([old, batch]);
    expect(await starts.begin([{ ...bounds, high: 15 }])).toEqual([{ topic, partition: 0, offset: 0 }]);
    // On a slow machine the usual time of a transaction would cut these into several.
    const processor = at.processor([old, batch], { maxTransactionMs: 60_000 });
    await new Member(processor).fetch(end);
    await new Member(processor).fetch(end);
    expect(calls).toEqual(['15 true', '25 false']);
  });

  it('that alone is left takes over the group of its service', async () => {
    await (await members([old], 'old')).live.fetch(20);
    await members(both);
    const { live } = await members([fresh]);
    expect(live.next).toBe(0);
    await live.fetch(end);
    expect(await effectsOf('fresh')).toEqual(from(0));
  });

  it('is given up on for a while when it does not come', async () => {
    await (await members([old], 'old')).live.fetch(20);
    const { live, catchUp } = await members(both);
    await catchUp.fetch(5);
    expect(await live.fetch(10)).toBe('pause');
    await at.database.query('UPDATE consumer_positions SET join_at = NULL');
    expect(await live.fetch(10)).toBe('done');
    await catchUp.fetch(3);
    expect(await live.fetch(10)).toBe('pause');
  });

  it('effects that are not for replay are held back while it catches up', async () => {
    const mails: string[] = [];
    const mail = writer('mail', ({ payload }, context) => {
      context.afterCommit(() => void mails.push(`mail ${payload.quest_id}`), { replay: false });
      context.afterCommit(() => void (payload.quest_id === 36 || payload.quest_id === 39 ? mails.push(`hint ${payload.quest_id}`) : null), { replay: true });
      context.afterCommit(() => Promise.reject(new Error('the mail server is away')), { replay: false });
    });
    await (await members([old], 'old')).live.fetch(38);
    const { live, catchUp } = await members([old, mail], 'mail');
    await catchUp.fetch(38);
    await live.fetch(2);
    expect(mails).toEqual(['hint 36', 'mail 39', 'hint 39', 'mail 40']);
  });
});

describe('whatever the order in which its groups, and members that do not know it, get on', () => {
  const step = fc.record({ who: fc.constantFrom('live', 'catch-up', 'unaware', 'idle'), count: fc.integer({ min: 1, max: 12 }), isReassigned: fc.boolean() });

  it('it gets every event once and in order, and so does everybody else', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 30 }), fc.array(step, { maxLength: 25 }), async (head, steps) => {
        await at.clear();
        const unaware = (await members([old], 'old')).live;
        await unaware.fetch(head);
        const { live, catchUp, starts } = await members(both);
        const take = async ({ who, count, isReassigned }: (typeof steps)[number]): Promise<unknown> => {
          if (who === 'idle') return starts.goLiveIfCaughtUp({ handler: 'fresh', topic, partition: 0 });
          const member = { live, unaware, 'catch-up': catchUp }[who];
          // A partition's new owner begins where the database says.
          if (isReassigned && who === 'live') live.next = (await starts.begin([bounds]))[0]?.offset ?? -1;
          return member.fetch(count);
        };
        for (const one of steps) await take(one);
        // In the end nobody is left who does not know it.
        live.next = (await starts.begin([bounds]))[0]?.offset ?? -1;
        for (let left = 200; left > 0 && (live.next < end || (await starts.catchingUp()).length > 0); left--) {
          await catchUp.fetch(7);
          await live.fetch(7);
          await starts.goLiveIfCaughtUp({ handler: 'fresh', topic, partition: 0 });
        }
        expect([await effectsOf('old'), await effectsOf('fresh')]).toEqual([from(0), from(0)]);
      }),
      { numRuns: 25 },
    );
  });
});
