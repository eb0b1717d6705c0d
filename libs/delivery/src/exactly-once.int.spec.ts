import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { QuestFailed } from '@lifeos/contracts';
import { batchOf, batchWriter, done, Fixture, go, writer } from './testing/fixture.js';
import { idOf, recordOf } from './testing/records.js';

let at: Fixture;
beforeAll(async () => {
  at = await Fixture.open();
});
afterAll(() => at.close());
beforeEach(() => at.clear());

const records = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => recordOf({ offset: from + i, user: 1 + (i % 3) }));
const quests = (name: string, from: number, to: number) => Array.from({ length: to - from }, (_, i) => [name, from + i + 1]);

describe('BatchProcessor', () => {
  it('P-18: gives each event to each of its handlers once, however fetched batches overlap', async () => {
    const processor = at.processor([writer('one'), batchWriter('many')]);
    expect(await processor.process(batchOf(records(0, 10)), go)).toEqual(done(10));
    expect(await processor.process(batchOf(records(0, 10)), go)).toEqual(done(10));
    expect(await processor.process(batchOf(records(4, 15)), go)).toEqual(done(15));
    const effects = await at.effects();
    expect(effects.filter(([name]) => name === 'one')).toEqual(quests('one', 0, 15));
    expect(effects.filter(([name]) => name === 'many')).toEqual(quests('many', 0, 15));
    expect(await at.positions()).toEqual({ 'many@0': 15, 'one@0': 15 });
  });

  it('calls the handlers of an event in the order of their registration', async () => {
    await at.processor([writer('b'), writer('a')]).process(batchOf(records(0, 2)), go);
    expect(await at.effects()).toEqual([['b', 1], ['a', 1], ['b', 2], ['a', 2]]);
  });

  it('drops copies that the relay sent again, in the same batch and in a later one', async () => {
    const processor = at.processor([writer('one')]);
    const copies = [recordOf({ offset: 0, event: 'e' }), recordOf({ offset: 1, event: 'f' }), recordOf({ offset: 2, event: 'e' })];
    await processor.process(batchOf(copies), go);
    await processor.process(batchOf([recordOf({ offset: 3, event: 'f' }), recordOf({ offset: 4, event: 'g' })]), go);
    expect(await at.effects()).toEqual([['one', 1], ['one', 2], ['one', 5]]);
    expect(at.told.filter((line) => line.includes('duplicate'))).toEqual(['skipped duplicate 1', 'skipped duplicate 1']);
  });

  it('takes the same record for the event when a new handler reads the topic again from its start', async () => {
    const copies = [recordOf({ offset: 0, event: 'e' }), recordOf({ offset: 1, event: 'e' })];
    await at.processor([writer('one')]).process(batchOf(copies), go);
    // The live group knew nothing of offset 0 when it saw the copy.
    await at.database.query('UPDATE inbox SET record_offset = 1');
    await at.processor([writer('one'), writer('new')]).process(batchOf(copies), go);
    expect(await at.effects()).toEqual([['one', 1], ['new', 1]]);
    expect(await at.rows('SELECT record_offset::int FROM inbox')).toEqual([{ record_offset: 0 }]);
  });

  it('drops a copy that came to another partition', async () => {
    const processor = at.processor([writer('one')]);
    await processor.process(batchOf([recordOf({ offset: 5, event: 'e' })], { fetchedOffset: 0 }), go);
    await processor.process(batchOf([recordOf({ offset: 2, event: 'e', partition: 1 })], { fetchedOffset: 0 }), go);
    expect(await at.effects()).toEqual([['one', 6]]);
  });

  it('passes over what nobody handles, and remembers how far', async () => {
    const processor = at.processor([writer('one')]);
    const foreign = Array.from({ length: 50 }, (_, offset) => recordOf({ offset, type: QuestFailed }));
    expect(await processor.process(batchOf(foreign), go)).toEqual(done(50));
    expect(await processor.process(batchOf(foreign.map((record) => ({ ...record, offset: record.offset + 50 }))), go)).toEqual(done(100));
    expect(await at.positions()).toEqual({ 'one@0': 100 });
    expect(at.told).toEqual(['skipped unhandled_type 50', 'skipped unhandled_type 50']);
  });

  it('ends a transaction when its handlers took long, and goes on in the next', async () => {
    const transactions = new Set<unknown>();
    const slow = writer('slow', async (_, { tx }) => {
      transactions.add(tx);
      await new Promise((resolve) => setTimeout(resolve, 30));
    });
    expect(await at.processor([slow, batchWriter('many')], { maxTransactionMs: 50 }).process(batchOf(records(0, 6)), go)).toEqual(done(6));
    expect(transactions.size).toBeGreaterThan(1);
    expect((await at.effects()).filter(([name]) => name === 'many')).toEqual(quests('many', 0, 6));
  });

  it('goes on in slices when a fetch brings more events than a transaction takes', async () => {
    expect(await at.processor([batchWriter('many')], { maxEvents: 7 }).process(batchOf(records(0, 20)), go)).toEqual(done(20));
    expect(at.told).toEqual(['handled many 7', 'handled many 7', 'handled many 6']);
  });

  it('rolls back and hands back what is done when it is told to stop', async () => {
    const stop = new AbortController();
    const stopping = writer('one', ({ payload }) => payload.quest_id === 5 && stop.abort());
    const outcome = await at.processor([stopping], { maxEvents: 2 }).process(batchOf(records(0, 10)), stop.signal);
    expect(outcome).toEqual(done(4));
    expect(await at.effects()).toEqual(quests('one', 0, 4));
    expect(await at.processor([writer('one')]).process(batchOf(records(4, 10)), go)).toEqual(done(10));
    expect(await at.effects()).toEqual(quests('one', 0, 10));
  });

  it('takes the transaction from a handler that is busy when it is told to stop', async () => {
    const stop = new AbortController();
    const hanging = writer('one', async (_, { tx }) => {
      setTimeout(() => stop.abort(), 20);
      await tx.query('SELECT pg_sleep(30)');
    });
    expect(await at.processor([hanging]).process(batchOf(records(0, 2)), stop.signal)).toEqual(done(0));
    expect(await at.letters()).toEqual([]);
    expect(await at.effects()).toEqual([]);
  });

  it('lets two members that both own the partition go one after the other', async () => {
    const slowly = () => writer('one', () => new Promise((resolve) => setTimeout(resolve, 2)));
    const outcomes = await Promise.all([at.processor([slowly()]), at.processor([slowly()]), at.processor([slowly()])].map((member) => member.process(batchOf(records(0, 40)), go)));
    expect(outcomes).toEqual([done(40), done(40), done(40)]);
    expect(await at.effects()).toEqual(quests('one', 0, 40));
  });

  it('serialises the events of one person across partitions and topics', async () => {
    await at.database.query('CREATE TABLE totals (user_id bigint PRIMARY KEY, total bigint NOT NULL)');
    const readThenWrite = writer('one', async ({ payload }, { tx }) => {
      const { rows } = await tx.query<{ total: string }>('SELECT total FROM totals WHERE user_id = $1', [payload.user_id]);
      await new Promise((resolve) => setTimeout(resolve, 1));
      const total = Number(rows[0]?.total ?? 0) + 1;
      await tx.query('INSERT INTO totals VALUES ($1, $2) ON CONFLICT (user_id) DO UPDATE SET total = $2', [payload.user_id, total]);
    });
    const processor = at.processor([readThenWrite]);
    const batches = [0, 1, 2, 3].map((partition) =>
      batchOf(Array.from({ length: 20 }, (_, offset) => recordOf({ offset, partition, user: 1 + ((offset * (partition + 1)) % 4), event: `${partition}/${offset}` }))),
    );
    await Promise.all(batches.map((batch) => processor.process(batch, go)));
    expect(await at.rows('SELECT sum(total)::int AS sum FROM totals')).toEqual([{ sum: 80 }]);
  });

  it('keeps a renamed handler at its position', async () => {
    await at.processor([writer('old')]).process(batchOf(records(0, 5)), go);
    await at.processor([writer('new', undefined, { aliases: ['old'] })]).process(batchOf(records(0, 8)), go);
    expect(await at.effects()).toEqual([...quests('old', 0, 5), ...quests('new', 5, 8)]);
    expect(await at.positions()).toEqual({ 'old@0': 8 });
  });

  it('remembers each event once, whatever the number of handlers', async () => {
    await at.processor([writer('a'), writer('b')]).process(batchOf(records(0, 3)), go);
    expect(await at.rows('SELECT event_id FROM inbox ORDER BY record_offset')).toEqual([0, 1, 2].map((offset) => ({ event_id: idOf(offset) })));
  });
});
