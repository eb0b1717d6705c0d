import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { ExperienceAwarded } from '@lifeos/contracts';
import { BatchFailure } from './errors.js';
import { batchOf, batchWriter, done, Fixture, go, writeEffect, writer } from './testing/fixture.js';
import { handlerOf, idOf, recordOf } from './testing/records.js';

let at: Fixture;
beforeAll(async () => {
  at = await Fixture.open();
});
afterAll(() => at.close());
beforeEach(() => at.clear());

/** Each of another person, so that nothing waits behind anything. */
const records = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => recordOf({ offset: from + i, user: 1 + from + i }));
const quests = (name: string, from: number, to: number, ...without: number[]) =>
  Array.from({ length: to - from }, (_, i) => from + i).filter((offset) => !without.includes(offset)).map((offset) => [name, offset + 1]);
/** Event handlers run event by event, so effects of several handlers interleave. */
const of = async (name: string) => (await at.effects()).filter(([handler]) => handler === name);
const failAt = (...offsets: number[]) => ({ payload }: { payload: { quest_id: number } }) => {
  if (offsets.includes(payload.quest_id - 1)) throw new Error(`no ${payload.quest_id - 1}`);
};

describe('a failing one-event handler', () => {
  it('parks its event alone; the others of the batch and the other handlers go on', async () => {
    const outcome = await at.processor([writer('bad', failAt(2, 5)), writer('good')]).process(batchOf(records(0, 8)), go);
    expect(outcome).toEqual(done(8));
    expect(await of('bad')).toEqual(quests('bad', 0, 8, 2, 5));
    expect(await of('good')).toEqual(quests('good', 0, 8));
    expect(await at.letters()).toEqual([
      { handler: 'bad', offset: 2, reason: 'handler_error', code: 'Error', key: '3' },
      { handler: 'bad', offset: 5, reason: 'handler_error', code: 'Error', key: '6' },
    ]);
    expect(at.told.filter((line) => line.startsWith('rerun'))).toEqual(['rerun handler_failed']);
  });

  it('P-15, P-16: keeps all that a later try needs', async () => {
    const [record] = records(0, 1);
    await at.processor([writer('bad', failAt(0))]).process(batchOf(record ? [record] : []), go);
    const [letter] = await at.rows<Record<string, unknown>>(
      `SELECT *, next_attempt_at - last_failed_at BETWEEN interval '55 seconds' AND interval '75 seconds' AS is_due_in_a_minute FROM dead_letters`,
    );
    expect(letter).toMatchObject({
      handler: 'bad', topic: record?.topic, key: '1', partition: 0, record_offset: '0', event_id: idOf(0), status: 'waiting', is_follower: false,
      event_type: 'lifeos.quests.v1.QuestCompleted', event_version: '1.0.0', reason: 'handler_error', error_message: 'no 0', attempts: 1,
      record_key: record?.key, record_value: record?.value, record_headers: record?.headers, is_due_in_a_minute: true,
    });
  });

  it('parks nothing twice when the batch comes again', async () => {
    for (let round = 0; round < 2; round++) await at.processor([writer('bad', failAt(1))]).process(batchOf(records(0, 3)), go);
    await at.database.query('UPDATE consumer_positions SET next_offset = 0');
    await at.processor([writer('bad', failAt(0, 1, 2))]).process(batchOf(records(0, 3)), go);
    expect((await at.letters()).map(({ offset }) => offset)).toEqual([0, 1, 2]);
  });

  it('P-16: is called again at once when its error says that it is transient', async () => {
    let calls = 0;
    const flaky = writer('flaky', ({ payload }) => {
      if (payload.quest_id === 2 && ++calls < 4) throw Object.assign(new Error('busy'), { retryable: true });
      if (payload.quest_id === 3) throw Object.assign(new Error('always busy'), { retryable: true, code: 'BUSY' });
    });
    await at.processor([flaky]).process(batchOf(records(0, 4)), go);
    expect(await of('flaky')).toEqual(quests('flaky', 0, 4, 2));
    expect(await at.rows('SELECT record_offset::int, attempts, error_code FROM dead_letters')).toEqual([{ record_offset: 2, attempts: 4, error_code: 'BUSY' }]);
  });

  it('is found out when it swallows an SQL error', async () => {
    const swallowing = writer('bad', async ({ payload }, { tx }) => {
      if (payload.quest_id === 2) await tx.query('SELECT nonsense').catch(() => undefined);
    });
    const late = handlerOf('late', async ([event], { tx }) => {
      if (event?.eventId === idOf(3)) await tx.query('SELECT nonsense').catch(() => undefined);
    });
    await at.processor([swallowing, late, writer('good')]).process(batchOf(records(0, 5)), go);
    expect(await of('bad')).toEqual(quests('bad', 0, 5, 1));
    expect(await of('good')).toEqual(quests('good', 0, 5));
    const code = 'SWALLOWED_SQL_ERROR';
    expect(await at.letters()).toMatchObject([{ handler: 'bad', offset: 1, code }, { handler: 'late', offset: 3, code }]);
    expect(await at.rows(`SELECT error_message FROM dead_letters WHERE error_message LIKE '%column "nonsense" does not exist%'`)).toHaveLength(2);
  });

  it('may fail inside a savepoint of its own', async () => {
    const careful = writer('one', async (_, { tx }) => {
      await tx.savepoint(() => tx.query('SELECT nonsense')).catch(() => undefined);
    });
    await at.processor([careful]).process(batchOf(records(0, 3)), go);
    expect(await at.effects()).toEqual(quests('one', 0, 3));
    expect(await at.letters()).toEqual([]);
  });

  it.each([
    ['waits', () => sleep(60_000, undefined, { ref: false })],
    ['is in a statement', (tx: { query(text: string): Promise<unknown> }) => tx.query('SELECT pg_sleep(60)')],
  ])('loses its transaction when its time is over while it %s', async (_, hang) => {
    const results: unknown[] = [];
    const hanging = handlerOf('slow', async ([event], context) => {
      if (event?.eventId !== idOf(1)) return writeEffect(context.tx, 'slow', event as never);
      context.signal.addEventListener('abort', () => void context.tx.query('SELECT 1').catch((error: unknown) => results.push(error)));
      await hang(context.tx);
    }, { timeoutMs: 300 });
    expect(await at.processor([hanging, writer('good')]).process(batchOf(records(0, 4)), go)).toEqual(done(4));
    expect(await of('slow')).toEqual(quests('slow', 0, 4, 1));
    expect(await of('good')).toEqual(quests('good', 0, 4));
    expect(await at.letters()).toEqual([{ handler: 'slow', offset: 1, reason: 'timeout', code: 'HANDLER_TIMEOUT', key: '2' }]);
    expect(results).toHaveLength(1);
  });

  it('is named when what it raised cannot be built, and when it throws no error', async () => {
    const raising = handlerOf('raising', async ([event], context) => {
      if (event) context.raise(ExperienceAwarded, { user_id: 1, experience_points: 0, source_type: 'quest', source_id: 1, reason: 'x' }, { cause: event });
    });
    const odd = handlerOf('odd', () => Promise.reject('just text'));
    await at.processor([raising, odd]).process(batchOf(records(0, 1)), go);
    expect((await at.letters()).map(({ handler, reason }) => [handler, reason])).toEqual([['odd', 'unknown_error'], ['raising', 'validation_error']]);
  });

  it('is found by halving when the database refuses only at COMMIT', async () => {
    await at.database.query('CREATE TABLE parents (id int PRIMARY KEY); CREATE TABLE children (id int REFERENCES parents DEFERRABLE INITIALLY DEFERRED)');
    const orphaning = writer('bad', async ({ payload }, { tx }) => {
      if (payload.quest_id === 6) await tx.query('INSERT INTO children VALUES (1)');
    });
    expect(await at.processor([writer('good'), orphaning]).process(batchOf(records(0, 9)), go)).toEqual(done(9));
    expect(await of('bad')).toEqual(quests('bad', 0, 9, 5));
    expect(await of('good')).toEqual(quests('good', 0, 9));
    expect(await at.letters()).toMatchObject([{ handler: 'bad', offset: 5, code: '23503' }]);
  });
});

describe('a failing batch handler', () => {
  it('parks exactly the events that it names', async () => {
    const picky = batchWriter('many', (events) => {
      const bad = events.filter(({ eventId }) => [idOf(1), idOf(4)].includes(eventId));
      if (bad.length > 0) throw new BatchFailure(bad.map(({ eventId }) => ({ eventId, error: new Error(`bad ${eventId}`) })));
    });
    expect(await at.processor([picky, writer('good')]).process(batchOf(records(0, 8)), go)).toEqual(done(8));
    expect(await of('many')).toEqual(quests('many', 0, 8, 1, 4));
    expect(await of('good')).toEqual(quests('good', 0, 8));
    expect((await at.letters()).map(({ offset }) => offset)).toEqual([1, 4]);
  });

  it('is called with smaller batches until the bad events are found when it names none', async () => {
    const vague = batchWriter('many', (events) => {
      if (events.some(({ eventId }) => [idOf(3), idOf(11), idOf(12)].includes(eventId))) throw new Error('something is wrong');
    });
    expect(await at.processor([vague, batchWriter('good')]).process(batchOf(records(0, 20)), go)).toEqual(done(20));
    expect(await of('many')).toEqual(quests('many', 0, 20, 3, 11, 12));
    expect(await of('good')).toEqual(quests('good', 0, 20));
    expect((await at.letters()).map(({ offset }) => offset)).toEqual([3, 11, 12]);
  });

  it('is split too when it runs out of time', async () => {
    const slow = batchWriter('many', async (events) => {
      if (events.some(({ eventId }) => eventId === idOf(2))) await sleep(60_000, undefined, { ref: false });
    }, { timeoutMs: 300 });
    await at.processor([slow]).process(batchOf(records(0, 4)), go);
    expect(await of('many')).toEqual(quests('many', 0, 4, 2));
    expect(await at.letters()).toMatchObject([{ offset: 2, reason: 'timeout' }]);
  });
});

describe('records that no handler can take', () => {
  it('are parked with their bytes, and the partition goes on', async () => {
    const bytes = Buffer.from([0, 255, 1]);
    const poison = [
      recordOf({ offset: 0, user: 10, value: bytes }),
      recordOf({ offset: 1, user: 11, headers: { ce_id: undefined, odd: bytes } }),
      recordOf({ offset: 2, headers: { ce_type: undefined } }),
      recordOf({ offset: 3, key: null }),
      recordOf({ offset: 4, user: 14, headers: { ce_type: 'lifeos.quests.v9.QuestCompleted', ce_eventversion: '9.0.0' } }),
      recordOf({ offset: 5, value: null }),
      recordOf({ offset: 6 }),
    ];
    const processor = at.processor([writer('a'), batchWriter('b')]);
    expect(await processor.process(batchOf(poison), go)).toEqual(done(7));
    expect(await processor.process(batchOf(poison), go)).toEqual(done(7));
    expect(await at.effects()).toEqual([['a', 7], ['b', 7]]);
    const letter = (handler: string, offset: number, reason: string, code: string, key: string | null) => ({ handler, offset, reason, code, key });
    expect(await at.letters()).toEqual([
      ...['a', 'b'].map((name) => letter(name, 0, 'serialization_error', 'UNDECODABLE_RECORD', '10')),
      ...['a', 'b'].map((name) => letter(name, 1, 'serialization_error', 'UNREADABLE_HEADERS', '11')),
      letter('(no handler)', 2, 'serialization_error', 'UNREADABLE_HEADERS', null),
      ...['a', 'b'].map((name) => letter(name, 3, 'validation_error', 'UNUSABLE_KEY', null)),
      ...['a', 'b'].map((name) => letter(name, 4, 'unsupported_version', 'UNSUPPORTED_VERSION', '14')),
    ]);
    expect(at.told).toContain('skipped tombstone 1');
    expect(await at.rows(`SELECT record_offset::int AS o, status, attempts, next_attempt_at FROM dead_letters WHERE handler = 'a' ORDER BY 1`)).toEqual([
      ...[0, 1, 3].map((o) => ({ o, status: 'exhausted', attempts: 0, next_attempt_at: null })),
      { o: 4, status: 'waiting', attempts: 0, next_attempt_at: null },
    ]);
    expect(await at.rows(`SELECT record_headers -> 'odd' AS odd FROM dead_letters WHERE record_offset = 1 AND handler = 'a'`)).toEqual([
      { odd: { base64: bytes.toString('base64') } },
    ]);
  });

  it('are parked whatever nonsense they carry', async () => {
    const odd = [
      { ...recordOf({ offset: 0, headers: { ce_id: 'x\0y', 'na\0me\ud800': Buffer.from([0, 1]) } }), timestamp: 1.7e18 },
      { ...recordOf({ offset: 1, key: Buffer.from('a\0b'), headers: { ce_time: 'yesterday' } }), timestamp: Number.NaN },
      { ...recordOf({ offset: 2, value: Buffer.alloc(0), headers: { ce_eventversion: '1.0.0' } }), timestamp: -1 },
      recordOf({ offset: 3, headers: { ce_type: `lifeos.quests.v${'9'.repeat(400)}.QuestCompleted` } }),
    ];
    expect(await at.processor([writer('a')]).process(batchOf(odd), go)).toEqual(done(4));
    expect((await at.letters()).map(({ offset }) => offset)).toEqual([0, 1, 2, 3]);
  });
});
