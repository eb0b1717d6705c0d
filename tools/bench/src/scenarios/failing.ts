import { allEventTypes, QuestCompleted } from '@lifeos/contracts';
import { BatchFailure, BatchProcessor, deliveryMigrations, Retrier, type HandlerDefinition } from '@lifeos/delivery';
import type { EventOf, IncomingRecord, RecordDecoder } from '@lifeos/events';
import { readRow } from '../parts/bench-database.js';
import { book, createExperience } from '../parts/experience.js';
import { quest, recordOf, topicOf } from '../parts/quest-events.js';
import { createQuestLog } from '../parts/quest-log.js';
import { size, type BenchEnv, type Outcome, type Scenario } from '../harness/scenario.js';

type Completed = EventOf<typeof QuestCompleted>;

const people = 10_000;
const recordsAFetch = 2_000;
/** Spreads each person's events over the whole run. */
const personOf = (index: number): number => 1 + ((index * 7_919) % people);
const decoder: RecordDecoder = { decode: ({ value }) => QuestCompleted.decode(value?.subarray(5) ?? Buffer.alloc(0), QuestCompleted.version) };

function incoming(offset: number): IncomingRecord {
  const payload = { ...quest(offset), user_id: personOf(offset) };
  const { topic, key, value, headers } = recordOf(QuestCompleted, payload, { schemaId: 1, key: String(payload.user_id) });
  return { topic, partition: 0, offset, key: Buffer.from(key), value, headers, timestamp: Date.now() };
}

/** Names the events that fail every time; their heads are tried again each second. */
function booking(isFailing: (person: number) => boolean): HandlerDefinition {
  return {
    name: 'book-experience', aliases: [], types: [QuestCompleted], versions: '^1.0.0', batch: true, from: 'beginning', timeoutMs: 10_000,
    retry: { retries: 1_000_000, firstDelayMs: 1_000, factor: 1, jitter: 0 },
    async invoke(events, { tx }) {
      const given = events as readonly Completed[];
      const failed = given.filter(({ payload }) => isFailing(payload.user_id));
      if (failed.length > 0) throw new BatchFailure(failed.map(({ eventId }) => ({ eventId, error: new Error('This person fails') })));
      await book(tx, given.map(({ payload }) => payload));
    },
  };
}

async function consume(env: BenchEnv, isFailing: (person: number) => boolean): Promise<Outcome> {
  const count = size(env, 100_000, 10_000);
  const records = Array.from({ length: count }, (_, offset) => incoming(offset));
  const log = await createQuestLog(env.postgresUrl, 'failing', [deliveryMigrations]);
  await createExperience(log.url);
  const { database, eventLog } = log;
  let retried = 0;
  const nothing = (): void => undefined;
  const metrics = { skipped: nothing, handled: nothing, parked: nothing, rerun: nothing, retried: () => void (retried += 1) };
  const delivery = { handlers: [booking(isFailing)], decoder, database, eventLog, metrics, knownTypes: allEventTypes };
  const retrier = new Retrier(delivery);
  const processor = new BatchProcessor({ ...delivery, onParked: retrier.wake });
  retrier.start();
  const startedAt = performance.now();
  for (let from = 0; from < count; ) {
    const batch = { topic: topicOf(QuestCompleted), partition: 0, records: records.slice(from, from + recordsAFetch), fetchedOffset: from, highWatermark: count };
    const outcome = await processor.process(batch, new AbortController().signal);
    if (outcome.kind !== 'done') throw new Error(`The batch at ${from} ended with ${outcome.kind}.`);
    from = outcome.nextOffset;
  }
  const elapsed = performance.now() - startedAt;
  await retrier.stop();
  const left = await readRow(log.url, `select (select sum(quests) from experience) as booked, (select count(*) from dead_letters) as parked,
    (select count(*) from dead_letters where not is_follower) as heads`);
  await database.close();
  await log.drop();
  const parked = Array.from({ length: count }, (_, index) => personOf(index)).filter(isFailing);
  const expected = { booked: count - parked.length, parked: parked.length, heads: new Set(parked).size };
  return {
    figures: { rate: (count / elapsed) * 1000, retries: retried },
    checks: Object.entries(expected).map(([what, wanted]) => ({ what, expected: wanted, actual: Number(left[what]) })),
  };
}

export const failing: Scenario = {
  name: 'failing',
  about: 'batches through the processor while parked events are tried again each second: 1 % of 10,000 keys fail every time, or one of them',
  needs: ['postgres'],
  contestants: [
    { name: 'none', run: (env) => consume(env, () => false) },
    { name: 'percent', run: (env) => consume(env, (person) => person % 100 === 0) },
    { name: 'one', run: (env) => consume(env, (person) => person === 77) },
  ],
  rows: [
    { what: 'no key fails', figure: 'none.rate', unit: 'events/s' },
    { what: '1 % of the keys fail', figure: 'percent.rate', unit: 'events/s', reference: 'none.rate', target: { of: 'ratio', atLeast: 0.5 } },
    { what: 'one key fails', figure: 'one.rate', unit: 'events/s', reference: 'none.rate', target: { of: 'ratio', atLeast: 0.95 } },
    { what: 'tries while 1 % fail', figure: 'percent.retries', unit: 'times' },
  ],
};
