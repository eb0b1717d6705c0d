import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { RegistryUnreachable } from '@lifeos/events';
import { FailingDatabase } from './testing/failing-database.js';
import { batchOf, batchWriter, done, Fixture, go, writer } from './testing/fixture.js';
import { bareDecoder, recordOf } from './testing/records.js';

let at: Fixture;
beforeAll(async () => {
  at = await Fixture.open();
});
afterAll(() => at.close());
beforeEach(() => at.clear());

const records = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => recordOf({ offset: from + i, user: 1 + (i % 3) }));
const quests = (name: string, from: number, to: number) => Array.from({ length: to - from }, (_, i) => [name, from + i + 1]);

describe('a lost connection', () => {
  it.each(['dies before commit', 'answer is lost'] as const)('when the transaction %s: the batch runs again and takes effect once', async (fate) => {
    const database = new FailingDatabase(at.database, [fate, fate]);
    const processor = at.processor([writer('one'), batchWriter('many')], { database });
    expect(await processor.process(batchOf(records(0, 5)), go)).toEqual(done(5));
    expect((await at.effects()).filter(([name]) => name === 'one')).toEqual(quests('one', 0, 5));
    expect((await at.effects()).filter(([name]) => name === 'many')).toEqual(quests('many', 0, 5));
    expect(await at.letters()).toEqual([]);
  });

  it('pauses and parks nothing when the probe fails too', async () => {
    const database = new FailingDatabase(at.database, []);
    database.isUnreachable = true;
    const processor = at.processor([writer('one')], { database });
    expect(await processor.process(batchOf(records(0, 5)), go)).toMatchObject({ kind: 'pause', reason: expect.stringContaining('ECONNRESET') });
    database.isUnreachable = false;
    expect(await processor.process(batchOf(records(0, 5)), go)).toEqual(done(5));
    expect(await at.effects()).toEqual(quests('one', 0, 5));
  });

  it('pauses in the middle of a handler when the server goes away', async () => {
    const database = new FailingDatabase(at.database, []);
    const unlucky = writer('one', async ({ payload }, { tx }) => {
      if (payload.quest_id !== 3) return;
      database.isUnreachable = true;
      await tx.query('SELECT pg_terminate_backend(pg_backend_pid())');
    });
    expect(await at.processor([unlucky], { database }).process(batchOf(records(0, 5)), go)).toMatchObject({ kind: 'pause' });
    expect([await at.effects(), await at.letters()]).toEqual([[], []]);
  });

  it('is laid to the event that breaks every connection while the database answers', async () => {
    const killer = writer('killer', async ({ payload }, { tx }) => {
      if (payload.quest_id === 3) await tx.query('SELECT pg_terminate_backend(pg_backend_pid())');
    });
    expect(await at.processor([killer]).process(batchOf(records(0, 5)), go)).toEqual(done(5));
    expect(await at.letters()).toMatchObject([{ offset: 2, reason: 'infrastructure_error' }]);
    expect(await at.effects()).toEqual(quests('killer', 0, 5).filter(([, quest]) => quest !== 3));
  });
});

describe('lock conflicts', () => {
  it('P-16: run the whole batch again and park nothing, also when the handler swallows them', async () => {
    await at.database.query('CREATE TABLE shared (id int PRIMARY KEY, n int NOT NULL); INSERT INTO shared VALUES (1, 0), (2, 0)');
    // Each holds its first row before it asks for the other's.
    const holding = new Set<string>();
    const bothHold = async (name: string) => {
      holding.add(name);
      while (holding.size < 2) await new Promise((resolve) => setTimeout(resolve, 5));
    };
    const crossing = (name: string, [first, second]: [number, number]) =>
      writer(name, async (_, { tx }) => {
        const add = (id: number) => tx.query('UPDATE shared SET n = n + 1 WHERE id = $1', [id]).catch(() => undefined);
        await add(first);
        await bothHold(name);
        await add(second);
      });
    const outcomes = await Promise.all([
      at.processor([crossing('a', [1, 2])]).process(batchOf([recordOf({ offset: 0, user: 1 })]), go),
      at.processor([crossing('b', [2, 1])]).process(batchOf([recordOf({ offset: 0, user: 2, partition: 1, event: 'other' })]), go),
    ]);
    expect(outcomes).toEqual([done(1), done(1)]);
    expect(at.told.filter((line) => line === 'rerun lock_conflict').length).toBeGreaterThan(0);
    expect(await at.letters()).toEqual([]);
    expect(await at.rows('SELECT n FROM shared ORDER BY id')).toEqual([{ n: 2 }, { n: 2 }]);
  });

  it('end when the batch is told to stop', async () => {
    const stop = new AbortController();
    const conflicting = writer('one', () => {
      setTimeout(() => stop.abort(), 100);
      throw Object.assign(new Error('deadlock'), { code: '40P01' });
    });
    expect(await at.processor([conflicting]).process(batchOf(records(0, 1)), stop.signal)).toEqual(done(0));
    expect(await at.letters()).toEqual([]);
  });
});

describe('our own statements', () => {
  it('never park an event: the partition pauses', async () => {
    await at.database.query('ALTER TABLE consumer_positions RENAME TO elsewhere');
    const processor = at.processor([writer('one'), batchWriter('many')]);
    expect(await processor.process(batchOf(records(0, 5)), go)).toMatchObject({ kind: 'pause', reason: expect.stringContaining('consumer_positions') });
    await at.database.query('ALTER TABLE elsewhere RENAME TO consumer_positions');
    expect(await processor.process(batchOf(records(0, 5)), go)).toEqual(done(5));
    expect(await at.letters()).toEqual([]);
  });
});

describe('the registry away', () => {
  it('handles what can be read, then pauses and parks nothing', async () => {
    let isAway = true;
    const decoder: typeof bareDecoder = {
      decode: async (record, type) => {
        if (isAway && record.offset >= 3) throw new RegistryUnreachable('http://registry', 'refused');
        return bareDecoder.decode(record, type);
      },
    };
    const processor = at.processor([writer('one')], { decoder });
    expect(await processor.process(batchOf(records(0, 6)), go)).toEqual(done(3));
    expect(await processor.process(batchOf(records(3, 6)), go)).toMatchObject({ kind: 'pause', reason: expect.stringContaining('registry'), retryAfterMs: null });
    expect([await at.effects(), await at.letters()]).toEqual([quests('one', 0, 3), []]);
    isAway = false;
    expect(await processor.process(batchOf(records(3, 6)), go)).toEqual(done(6));
    expect(await at.effects()).toEqual(quests('one', 0, 6));
  });
});

describe('positions that do not fit what was fetched', () => {
  it('ask for the missing records when the committed offset ran ahead of a restored database', async () => {
    const processor = at.processor([writer('one')]);
    await processor.process(batchOf(records(0, 5)), go);
    expect(await processor.process(batchOf(records(8, 10)), go)).toEqual({ kind: 'seek', offset: 5 });
    expect(await processor.process(batchOf(records(5, 10)), go)).toEqual(done(10));
    expect(await at.effects()).toEqual(quests('one', 0, 10));
  });

  it('ask for the start when a service begins with an empty database', async () => {
    expect(await at.processor([writer('one')]).process(batchOf(records(8, 10)), go)).toEqual({ kind: 'seek', offset: 0 });
    await at.clear();
    expect(await at.processor([writer('one')]).process(batchOf(records(8, 10), { logStartOffset: 8 }), go)).toEqual(done(10));
    await at.clear();
    expect(await at.processor([writer('one', undefined, { from: 'latest' })]).process(batchOf(records(8, 10)), go)).toEqual(done(10));
  });

  it('take no offence at holes that compaction and markers leave', async () => {
    const processor = at.processor([writer('one')]);
    await processor.process(batchOf([recordOf({ offset: 2 }), recordOf({ offset: 7 })], { fetchedOffset: 0 }), go);
    expect(await processor.process(batchOf([recordOf({ offset: 12 })], { fetchedOffset: 8 }), go)).toEqual(done(13));
    expect(await at.effects()).toEqual([['one', 3], ['one', 8], ['one', 13]]);
  });

  it('halt when the topic was recreated, and are never reset in silence', async () => {
    const processor = at.processor([writer('one')]);
    await processor.process(batchOf(records(0, 50)), go);
    expect(await processor.process(batchOf(records(0, 3)), go)).toMatchObject({ kind: 'halt', reason: expect.stringContaining('recreated') });
    expect(await at.positions()).toEqual({ 'one@0': 50 });
  });

  it('ask the broker first, since a member that was cut off holds an old fetch', async () => {
    await at.processor([writer('one')]).process(batchOf(records(0, 50)), go);
    const processor = at.processor([writer('one')], { currentHighWatermark: async () => 60 });
    expect(await processor.process(batchOf(records(0, 3)), go)).toEqual(done(3));
    expect(await at.effects()).toHaveLength(50);
    const away = at.processor([writer('one')], { currentHighWatermark: () => Promise.reject(new Error('no broker')) });
    expect(await away.process(batchOf(records(0, 3)), go)).toMatchObject({ kind: 'pause' });
  });

  it('halt when the missing records are gone', async () => {
    const processor = at.processor([writer('one')]);
    await processor.process(batchOf(records(0, 5)), go);
    expect(await processor.process(batchOf(records(8, 10), { logStartOffset: 8 }), go)).toMatchObject({ kind: 'halt', reason: expect.stringContaining('deleted') });
    expect(await processor.process(batchOf(records(8, 10)), go)).toMatchObject({ kind: 'seek' });
    expect(await processor.process(batchOf(records(8, 10)), go)).toMatchObject({ kind: 'seek' });
    expect(await processor.process(batchOf(records(8, 10)), go)).toMatchObject({ kind: 'halt' });
  });

  it('feed a new handler from the start while the others see nothing twice', async () => {
    await at.processor([writer('one')]).process(batchOf(records(0, 5)), go);
    const both = at.processor([writer('one'), writer('new')]);
    expect(await both.process(batchOf(records(5, 7)), go)).toEqual({ kind: 'seek', offset: 0 });
    expect(await both.process(batchOf(records(0, 7)), go)).toEqual(done(7));
    const effects = await at.effects();
    expect(effects.filter(([name]) => name === 'one')).toEqual(quests('one', 0, 7));
    expect(effects.filter(([name]) => name === 'new')).toEqual(quests('new', 0, 7));
  });

  it('do not mind a fetch without records', async () => {
    expect(await at.processor([writer('one')]).process(batchOf([], { fetchedOffset: 4, highWatermark: 4 }), go)).toEqual(done(4));
  });
});
