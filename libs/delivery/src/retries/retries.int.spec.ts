import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { RegistryUnreachable } from '@lifeos/events';
import { openSession } from '@lifeos/postgres';
import { BatchFailure } from '../errors.js';
import type { HandlerDefinition } from '../handler.js';
import { DeadLetterDesk } from '../operator/dead-letter-desk.js';
import { FailingDatabase } from '../testing/failing-database.js';
import { batchOf, batchWriter, done, Fixture, go, writer } from '../testing/fixture.js';
import { bareDecoder, idOf, recordOf } from '../testing/records.js';
import { claimDue } from './retry-queues.js';

let at: Fixture;
beforeAll(async () => {
  at = await Fixture.open();
});
afterAll(() => at.close());
beforeEach(async () => {
  await at.clear();
  broken.clear();
  clock = Date.now();
});

/** Events that the handlers below cannot take, by offset. */
const broken = new Set<number>();
let clock = 0;
const now = () => new Date(clock);
const minute = 60_000;
const later = (minutes: number) => (clock += minutes * minute);
/** Of three persons in turn. */
const records = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => recordOf({ offset: from + i, user: 1 + ((from + i) % 3) }));
const quests = (name: string, ...offsets: number[]) => offsets.map((offset) => [name, offset + 1]);
const failing = ({ payload }: { payload: { quest_id: number } }) => {
  if (broken.has(payload.quest_id - 1)) throw new Error(`no ${payload.quest_id - 1}`);
};
const one = (more: Partial<HandlerDefinition> = {}) => writer('one', failing, more);
const many = (more: Partial<HandlerDefinition> = {}) =>
  batchWriter('many', (events) => {
    const bad = events.filter(({ payload }) => broken.has((payload as { quest_id: number }).quest_id - 1));
    if (bad.length > 0) throw new BatchFailure(bad.map(({ eventId }) => ({ eventId, error: new Error('no') })));
  }, more);
const kinds: [string, (more?: Partial<HandlerDefinition>) => HandlerDefinition][] = [['one', one], ['many', many]];
const live = (handlers: HandlerDefinition[], from: number, to: number) => at.processor(handlers, { now }).process(batchOf(records(from, to)), go);
const parked = () => at.rows<Record<string, unknown>>('SELECT record_offset::int AS o, is_follower AS f, retries AS r, status AS s FROM dead_letters ORDER BY handler, record_offset');

/** The head that a retrier has taken in hand; it holds the key's lock a moment later. */
async function retryInWork(): Promise<string> {
  for (;;) {
    const [head] = await at.rows<{ id: string }>(`SELECT id FROM dead_letters WHERE claimed_until IS NOT NULL AND EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND granted)`);
    if (head !== undefined) return head.id;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** The server takes a moment to notice that a client has left. */
async function gone(applicationName: string): Promise<void> {
  while ((await at.rows(`SELECT FROM pg_stat_activity WHERE application_name = '${applicationName}' AND datname = current_database()`)).length > 0) await new Promise((resolve) => setTimeout(resolve, 10));
}

/** Gives up after 2 s: what does not wait then shows in what it did. */
async function waitsForLock(sessions: number): Promise<void> {
  for (let i = 0; i < 100; i++) {
    const waiting = await at.rows(`SELECT FROM pg_stat_activity WHERE wait_event = 'advisory' AND datname = current_database()`);
    if (waiting.length >= sessions) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

describe.each(kinds)('a queue of handler "%s"', (name, handler) => {
  it('stops at the event that failed: later ones wait behind it, in this batch and in the next', async () => {
    broken.add(4);
    await live([handler(), writer('good')], 0, 9);
    expect(await live([handler(), writer('good')], 9, 12)).toEqual(done(12));
    expect((await at.effects()).filter(([of]) => of === name)).toEqual(quests(name, 0, 1, 2, 3, 5, 6, 8, 9, 11));
    expect((await at.effects()).filter(([of]) => of === 'good')).toHaveLength(12);
    expect(await parked()).toEqual([{ o: 4, f: false, r: 0, s: 'waiting' }, { o: 7, f: true, r: 0, s: 'waiting' }, { o: 10, f: true, r: 0, s: 'waiting' }]);
    expect(await at.rows('SELECT count(*)::int AS n FROM dead_letters WHERE is_follower AND next_attempt_at IS NOT NULL')).toEqual([{ n: 0 }]);
  });

  it('P-16: is tried again 1, 2 and 4 minutes after the try before, then is exhausted and announced once', async () => {
    broken.add(1);
    await live([handler()], 0, 6);
    const retrier = at.retrier([handler()], { now });
    await retrier.retryDue();
    expect((await parked())[0]).toMatchObject({ r: 0 });
    for (const [wait, retries] of [[0.9, 0], [0.4, 1], [1.9, 1], [0.6, 2], [3.9, 2], [1, 3], [60, 3]] as const) {
      later(wait);
      await retrier.retryDue();
      expect((await parked())[0]).toMatchObject({ r: retries });
    }
    expect(await parked()).toEqual([{ o: 1, f: false, r: 3, s: 'exhausted' }, { o: 4, f: true, r: 0, s: 'waiting' }]);
    expect(await at.rows('SELECT reason, attempts, record_offset::int FROM dead_letter_announcements')).toEqual([{ reason: 'handler_error', attempts: 4, record_offset: 1 }]);
    expect(at.told.filter((line) => line.startsWith('exhausted'))).toEqual([`exhausted ${name} handler_error`]);
  });

  it('drains in order when its head succeeds, and then flows again', async () => {
    broken.add(1);
    await live([handler()], 0, 12);
    broken.clear();
    later(2);
    await at.retrier([handler()], { now }).retryDue();
    expect(await at.letters()).toEqual([]);
    expect((await at.effects()).slice(8)).toEqual(quests(name, 1, 4, 7, 10));
    await live([handler()], 12, 15);
    expect((await at.effects()).slice(12)).toEqual(quests(name, 12, 13, 14));
  });

  it('stops anew at a follower that fails: it is the new head, with tries of its own', async () => {
    broken.add(1).add(7);
    await live([handler()], 0, 14);
    broken.delete(1);
    later(2);
    const retrier = at.retrier([handler()], { now });
    await retrier.retryDue();
    expect(await parked()).toEqual([{ o: 7, f: false, r: 0, s: 'waiting' }, { o: 10, f: true, r: 0, s: 'waiting' }, { o: 13, f: true, r: 0, s: 'waiting' }]);
    broken.clear();
    await retrier.retryDue();
    expect((await parked()).length).toBe(3);
    later(2);
    await retrier.retryDue();
    expect((await at.effects()).slice(-5)).toEqual(quests(name, 1, 4, 7, 10, 13));
  });

  it('drains a long queue in bounded transactions, and hundreds of queues together', async () => {
    const fifty = Array.from({ length: 600 }, (_, offset) => recordOf({ offset, user: 1 + (offset % 50) }));
    for (let user = 0; user < 50; user++) broken.add(user);
    await at.processor([handler()], { now }).process(batchOf(fifty), go);
    expect(await at.rows('SELECT is_follower, count(*)::int AS n FROM dead_letters GROUP BY 1 ORDER BY 1')).toEqual([{ is_follower: false, n: 50 }, { is_follower: true, n: 550 }]);
    later(2);
    const database = new FailingDatabase(at.database, []);
    const retrier = at.retrier([handler()], { now, database, maxEvents: 100, maxTransactionMs: 5_000 });
    await retrier.retryDue();
    expect(database.transactions).toBeLessThan(4);
    broken.clear();
    later(4);
    await retrier.retryDue();
    expect(await at.letters()).toEqual([]);
    for (let user = 0; user < 50; user++) {
      const seen = await at.rows<{ quest_id: string }>(`SELECT quest_id FROM effects WHERE user_id = ${user + 1} ORDER BY seq`);
      expect(seen.map(({ quest_id: quest }) => Number(quest) - 1)).toEqual(Array.from({ length: 12 }, (_, i) => user + 50 * i));
    }
  });

  it('takes effect once when two instances retry at once and new events arrive', async () => {
    const all = Array.from({ length: 90 }, (_, offset) => recordOf({ offset, user: 1 + (offset % 3) }));
    broken.add(0).add(1);
    await at.processor([handler()], { now }).process(batchOf(all.slice(0, 60)), go);
    broken.clear();
    later(2);
    const retriers = [0, 1].map(() => at.retrier([handler()], { now, maxEvents: 7 }));
    const consuming = at.processor([handler()], { now, maxEvents: 5 }).process(batchOf(all.slice(60)), go);
    await Promise.all([...retriers.map((retrier) => retrier.retryDue()), consuming]);
    // What was parked while the last queue drained is a follower of a queue that still has a head.
    await retriers[0]?.retryDue();
    expect(await at.letters()).toEqual([]);
    for (const user of [0, 1, 2]) {
      const seen = await at.rows<{ quest_id: string }>(`SELECT quest_id FROM effects WHERE user_id = ${user + 1} ORDER BY seq`);
      expect(seen.map(({ quest_id: quest }) => Number(quest) - 1)).toEqual(Array.from({ length: 30 }, (_, i) => user + 3 * i));
    }
  });

  it('makes consumers and operators wait for the retry in work, so that none of them overtakes or loses anything', async () => {
    broken.add(1);
    await live([handler()], 0, 6);
    broken.clear();
    later(2);
    let goOn = () => undefined as void;
    const released = new Promise<void>((resolve) => (goOn = resolve));
    const held = handler();
    const slow: HandlerDefinition = { ...held, invoke: (events, context) => released.then(() => held.invoke(events, context)) };
    const retrying = at.retrier([slow], { now }).retryDue();
    const head = await retryInWork();
    const consuming = live([handler()], 6, 9);
    const desk = new DeadLetterDesk({ database: at.database, types: [], decoder: bareDecoder, now });
    const skipping = desk.skip(head, { actor: 'test', reason: 'too late' }).catch((error: unknown) => error);
    await waitsForLock(2);
    goOn();
    await Promise.all([retrying, consuming]);
    expect(await skipping).toMatchObject({ code: 'letter_not_found' });
    await at.retrier([handler()], { now }).retryDue();
    expect(await at.letters()).toEqual([]);
    const ofOne = (await at.effects()).map(([, quest]) => quest - 1).filter((offset) => offset % 3 === 1);
    expect(ofOne).toEqual([1, 4, 7]);
  });

  it.each(['dies before commit', 'answer is lost'] as const)('takes effect once when a retry %s', async (fate) => {
    broken.add(1);
    await live([handler()], 0, 9);
    broken.clear();
    later(2);
    await at.retrier([handler()], { now, database: new FailingDatabase(at.database, [fate, fate]) }).retryDue();
    expect(await at.letters()).toEqual([]);
    expect((await at.effects()).slice(6)).toEqual(quests(name, 1, 4, 7));
  });

  it('that another process has in hand is left to it for a minute', async () => {
    broken.add(1);
    await live([handler()], 0, 9);
    broken.clear();
    later(2);
    const holder = await openSession({ url: at.url, applicationName: 'holder' });
    expect(await claimDue(holder, name, { now: now(), until: new Date(clock + minute), limit: 9 })).toHaveLength(1);
    const retrier = at.retrier([handler()], { now });
    await retrier.retryDue();
    expect(await at.letters()).toHaveLength(3);
    later(1.1);
    await retrier.retryDue();
    expect(await at.letters()).toEqual([]);
    await holder.close();
  });

  it('goes on at once after a process that died with it in its hands', async () => {
    broken.add(1);
    await live([handler()], 0, 9);
    broken.clear();
    later(2);
    const holder = await openSession({ url: at.url, applicationName: 'holder' });
    await claimDue(holder, name, { now: now(), until: new Date(clock + minute), limit: 9 });
    await holder.close();
    await gone('holder');
    await at.retrier([handler()], { now }).retryDue();
    expect(await at.letters()).toEqual([]);
  });
});

describe('retries', () => {
  it('read the original bytes again, with what this build knows', async () => {
    const record = recordOf({ offset: 0, headers: { ce_type: 'lifeos.quests.v9.QuestCompleted', ce_eventversion: '9.0.0' } });
    await at.processor([one()], { now }).process(batchOf([record, recordOf({ offset: 1 })]), go);
    await at.retrier([one()], { now }).retryDue();
    expect(await parked()).toEqual([{ o: 0, f: false, r: 0, s: 'waiting' }, { o: 1, f: true, r: 0, s: 'waiting' }]);
    // As if a build had come that knows the version.
    await at.database.query(`UPDATE dead_letters SET event_type = 'lifeos.quests.v1.QuestCompleted', record_headers = record_headers || '{"ce_type": "lifeos.quests.v1.QuestCompleted", "ce_eventversion": "1.0.0"}' WHERE record_offset = 0`);
    await at.retrier([one()], { now }).retryDue();
    expect(await at.effects()).toEqual(quests('one', 0, 1));
  });

  it('leave out, in sight, what the handler no longer takes', async () => {
    broken.add(0);
    await live([one()], 0, 4);
    later(2);
    await at.retrier([one({ versions: '>=2.0.0' })], { now }).retryDue();
    expect(await at.letters()).toEqual([]);
    expect(at.told.filter((line) => line.startsWith('retried'))).toEqual(['retried one left_out', 'retried one left_out']);
  });

  it('count nothing and wait while the registry or the database is away', async () => {
    broken.add(0);
    await live([one()], 0, 4);
    broken.clear();
    later(2);
    let isAway = true;
    const decoder: typeof bareDecoder = {
      decode: async (record, type) => {
        if (isAway) throw new RegistryUnreachable('http://registry', 'refused');
        return bareDecoder.decode(record, type);
      },
    };
    const database = new FailingDatabase(at.database, []);
    const retrier = at.retrier([one()], { now, decoder, database });
    const due = retrier.retryDue();
    setTimeout(() => (isAway = false), 100);
    await due;
    expect(await at.letters()).toEqual([]);
    expect(at.told.filter((line) => line.startsWith('retried'))).toEqual(['retried one handled', 'retried one handled']);
  });

  it('give a handler that hangs no hold on the others', async () => {
    const hanging = writer('slow', async (event, { signal }) => {
      failing(event);
      if (broken.has(-1)) await new Promise((resolve) => signal.addEventListener('abort', resolve));
    }, { timeoutMs: 100 });
    broken.add(0).add(1);
    await live([hanging, one()], 0, 6);
    broken.clear();
    broken.add(-1);
    later(2);
    await at.retrier([hanging, one()], { now }).retryDue();
    expect((await at.letters()).filter(({ handler }) => handler === 'one')).toEqual([]);
    expect(await at.rows(`SELECT reason, attempts FROM dead_letters WHERE NOT is_follower`)).toEqual([{ reason: 'timeout', attempts: 2 }, { reason: 'timeout', attempts: 2 }]);
  });

  it('find the letter that the database refuses only at COMMIT', async () => {
    await at.database.query('CREATE TABLE roots (id int PRIMARY KEY); CREATE TABLE leaves (id int REFERENCES roots DEFERRABLE INITIALLY DEFERRED)');
    const orphaning = writer('one', async (event, { tx }) => {
      failing(event);
      if (event.payload.quest_id === 6) await tx.query('INSERT INTO leaves VALUES (1)');
    });
    broken.add(0).add(1).add(2);
    await live([orphaning], 0, 9);
    broken.clear();
    later(2);
    await at.retrier([orphaning], { now }).retryDue();
    expect(await at.effects()).toHaveLength(7);
    expect(await at.letters()).toMatchObject([{ offset: 5, code: '23503' }, { offset: 8, reason: null }]);
  });

  it('begin on time by themselves, and end with the service', async () => {
    const policy = { firstDelayMs: 50, factor: 1, jitter: 0 };
    const processor = at.processor([one({ retry: policy })]);
    broken.add(0);
    await processor.process(batchOf(records(0, 4)), go);
    const retrier = at.retrier([one({ retry: policy })]);
    retrier.start();
    while ((await at.rows('SELECT FROM dead_letters WHERE retries >= 2')).length === 0) await new Promise((resolve) => setTimeout(resolve, 20));
    broken.clear();
    while ((await at.letters()).length > 0) await new Promise((resolve) => setTimeout(resolve, 20));
    await retrier.stop();
    expect(await at.effects()).toEqual(quests('one', 1, 2, 0, 3));
  });

  it('P-16: are as many as the policy says, none for a final error', async () => {
    const final = writer('final', failing, { retry: { isFinal: () => true } });
    const never = writer('never', failing, { retry: { retries: 0 } });
    broken.add(0);
    await live([final, never], 0, 4);
    expect(await at.rows('SELECT DISTINCT status, next_attempt_at FROM dead_letters WHERE NOT is_follower')).toEqual([{ status: 'exhausted', next_attempt_at: null }]);
    expect(await at.rows('SELECT handler FROM dead_letter_announcements ORDER BY 1')).toEqual([{ handler: 'final' }, { handler: 'never' }]);
    expect(idOf(0)).toBe((await at.rows<{ event_id: string }>('SELECT event_id FROM dead_letter_announcements LIMIT 1'))[0]?.event_id);
  });
});
