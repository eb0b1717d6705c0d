import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { ExperienceAwarded } from '@lifeos/contracts';
import type { EventEnvelope } from '@lifeos/events';
import { acceptRecreatedTopic } from './accept-recreated-topic.js';
import { sweepInbox } from './inbox.js';
import { FailingDatabase } from './testing/failing-database.js';
import { batchOf, done, Fixture, go, writer } from './testing/fixture.js';
import { handlerOf, idOf, recordOf, topic } from './testing/records.js';

let at: Fixture;
beforeAll(async () => {
  at = await Fixture.open();
});
afterAll(() => at.close());
beforeEach(() => at.clear());

const records = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => recordOf({ offset: from + i, user: 1 + from + i }));

describe('raised events', () => {
  const award = (name: string, before: (event: EventEnvelope) => void = () => undefined) =>
    handlerOf(name, async (events, context) => {
      for (const event of events) {
        const { user_id } = event.payload as { user_id: number };
        context.raise(ExperienceAwarded, { user_id, experience_points: 25, source_type: 'quest', source_id: 1, reason: 'x' }, { cause: event });
        before(event);
      }
    });
  const raised = () => at.rows<{ event_id: string; causation_id: string }>('SELECT event_id, causation_id FROM event_log ORDER BY epoch, xid, seq');

  it('are in the log once, with the same ids however often the batch ran, in the order of their causes', async () => {
    const database = new FailingDatabase(at.database, ['dies before commit', 'answer is lost']);
    await at.processor([award('a'), award('b')], { database }).process(batchOf(records(0, 4)), go);
    const first = await raised();
    expect(first.map(({ causation_id: cause }) => cause)).toEqual([0, 0, 1, 1, 2, 2, 3, 3].map(idOf));
    await at.clear();
    await at.processor([award('a'), award('b')]).process(batchOf(records(0, 4)), go);
    expect(await raised()).toEqual(first);
  });

  it('are gone when the handler that raised them fails, and those of others stay', async () => {
    const failing = award('bad', ({ eventId }) => {
      if ([idOf(1), idOf(2)].includes(eventId)) throw new Error('no');
    });
    await at.processor([failing, award('good')]).process(batchOf(records(0, 4)), go);
    expect((await raised()).map(({ causation_id: cause }) => cause)).toEqual([0, 0, 1, 2, 3, 3].map(idOf));
  });

  it('for another person than the cause fail the handler, because that key is not locked', async () => {
    const straying = handlerOf('straying', async ([cause], context) => {
      if (cause) context.raise(ExperienceAwarded, { user_id: 99, experience_points: 1, source_type: 'quest', source_id: 1, reason: 'x' }, { cause });
    });
    await at.processor([straying]).process(batchOf(records(0, 1)), go);
    expect(await at.letters()).toMatchObject([{ handler: 'straying', code: 'KEY_NOT_LOCKED' }]);
  });
});

describe('sweepInbox', () => {
  it('P-18: forgets events after 30 days, but none that a dead letter holds', async () => {
    const failing = writer('one', ({ payload }) => {
      if (payload.quest_id === 2) throw new Error('no');
    });
    await at.processor([failing]).process(batchOf(records(0, 7)), go);
    await at.database.query(`UPDATE inbox SET seen_at = now() - interval '31 days' WHERE record_offset < 5`);
    expect(await sweepInbox(at.database, { batchSize: 2 })).toBe(4);
    expect(await at.rows('SELECT record_offset::int AS o FROM inbox ORDER BY 1')).toEqual([{ o: 1 }, { o: 5 }, { o: 6 }]);
    expect(await sweepInbox(at.database)).toBe(0);
    expect(await sweepInbox(at.database, { keepDays: 0, signal: AbortSignal.abort() })).toBe(0);
  });
});

describe('acceptRecreatedTopic', () => {
  it('reads the new topic from its start; what was handled or parked before stays so', async () => {
    const failing = writer('one', ({ payload }) => {
      if (payload.quest_id === 3) throw new Error('no');
    });
    const processor = at.processor([failing]);
    await processor.process(batchOf(records(0, 10)), go);
    const anew = [recordOf({ offset: 0, event: 8, user: 9 }), recordOf({ offset: 1, event: 2, user: 3 }), recordOf({ offset: 2, event: 'new', user: 3 })];
    expect(await processor.process(batchOf(anew), go)).toMatchObject({ kind: 'halt' });
    await acceptRecreatedTopic(at.database, topic);
    expect(await processor.process(batchOf(anew), go)).toEqual(done(3));
    expect((await at.effects()).slice(9)).toEqual([]);
    expect((await at.letters()).map(({ offset }) => offset < 0)).toEqual([true, false]);
  });
});
