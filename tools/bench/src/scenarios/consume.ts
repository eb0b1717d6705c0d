import { deliveryMigrations } from '@lifeos/delivery';
import type { Type } from '@nestjs/common';
import { bookBatch, bookOne, type Committed } from '../parts/controllers.js';
import { Countdown } from '../parts/countdown.js';
import { startEffort } from '../parts/effort.js';
import { checkExperience, createExperience } from '../parts/experience.js';
import { startLifeOsConsumer } from '../parts/lifeos-consumer.js';
import { createQuestLog } from '../parts/quest-log.js';
import { fillTopic, freshTopic } from '../parts/kafka.js';
import { createBenchDatabase, readRow } from '../parts/bench-database.js';
import { consumeWithNest } from '../parts/nest-consumer.js';
import { perMessageWork } from '../parts/per-message-work.js';
import { experienceOf, questRecord, topicOf } from '../parts/quest-events.js';
import { registerSchema } from '../parts/registry.js';
import { size, type BenchEnv, type Check, type Outcome, type Prepared, type Scenario } from '../harness/scenario.js';
import { QuestCompleted } from '@lifeos/contracts';

const topic = topicOf(QuestCompleted);

async function prepare(env: BenchEnv): Promise<Prepared> {
  return { schemaId: await registerSchema(env.registryUrl, QuestCompleted) };
}

/** As many as take some seconds: a transaction a message needs a minute for what batches do in seconds. */
function fill(full: number, quick: number): (env: BenchEnv) => Promise<Prepared> {
  return async (env) => {
    const count = size(env, full, quick);
    await freshTopic(env.brokers, topic);
    await fillTopic(env.brokers, count, (index) => questRecord(index, Number(env.prepared['schemaId'])));
    return { count };
  };
}

async function nest(env: BenchEnv): Promise<Outcome> {
  const count = Number(env.prepared['count']);
  const database = await createBenchDatabase(env.postgresUrl, 'consume_nest');
  const work = await perMessageWork(database.url);
  const { elapsed, cpu } = await consumeWithNest({ brokers: env.brokers, topic, groupId: database.name, count, handle: work.handle });
  await work.close();
  const left = await readRow(
    database.url,
    `select (select count(*) from inbox) as inbox, (select sum(total) from experience) as experience,
       (select count(*) from outgoing) as outgoing, (select sum((payload->>'experience_points')::bigint) from outgoing) as awarded`,
  );
  await database.drop();
  return {
    figures: { rate: (count / elapsed) * 1000, cpu },
    checks: [
      { what: 'inbox rows', expected: count, actual: Number(left['inbox']) },
      { what: 'experience booked', expected: experienceOf(count), actual: Number(left['experience']) },
      { what: 'outgoing events', expected: count, actual: Number(left['outgoing']) },
      { what: 'experience in outgoing events', expected: experienceOf(count), actual: Number(left['awarded']) },
    ],
  };
}

/** Ours: the strategy's controllers, in the transactions that the batch processor makes. */
async function lifeos(env: BenchEnv, controller: (committed: Committed) => Type): Promise<Outcome> {
  const count = Number(env.prepared['count']);
  const log = await createQuestLog(env.postgresUrl, 'consume_lifeos', [deliveryMigrations]);
  await createExperience(log.url);
  const booked = new Countdown(count);
  const consumer = await startLifeOsConsumer({
    env, log, topic, groupId: log.name, controllers: [controller((events) => booked.add(events.length))],
  });
  const effort = startEffort();
  const elapsed = (await booked.done) - consumer.assignedAt;
  const cpu = effort(count);
  await consumer.stop();
  const checks = [...(await checkExperience(log.url, count)), ...(await checkDelivery(log.url, count))];
  await log.database.close();
  await log.drop();
  return { figures: { rate: (count / elapsed) * 1000, cpu }, checks };
}

async function checkDelivery(databaseUrl: string, count: number): Promise<Check[]> {
  const left = await readRow(
    databaseUrl,
    `select (select count(*) from inbox) as inbox, (select count(*) from event_log) as logged,
       (select count(distinct causation_id) from event_log) as causes, (select sum(next_offset) from consumer_positions) as position,
       (select count(*) from dead_letters) as parked`,
  );
  const expected = { inbox: count, logged: count, causes: count, position: count, parked: 0 };
  return Object.entries(expected).map(([what, wanted]) => ({ what, expected: wanted, actual: Number(left[what]) }));
}

export const consume: Scenario = {
  name: 'consume',
  about: 'durable consume: position and inbox, one row, one logged event; one partition at a time; from assignment to the last commit',
  needs: ['postgres', 'kafka', 'registry'],
  prepare,
  contestants: [
    { name: 'nest', prepare: fill(3_000, 300), run: nest },
    { name: 'one', prepare: fill(12_000, 600), run: (env) => lifeos(env, bookOne) },
    { name: 'batch', prepare: fill(60_000, 3_000), run: (env) => lifeos(env, bookBatch) },
  ],
  rows: [
    { what: "Nest's Kafka transport, a transaction a message", figure: 'nest.rate', unit: 'events/s' },
    { what: 'Life OS, handler of one event', figure: 'one.rate', unit: 'events/s', reference: 'nest.rate', target: { of: 'ratio', atLeast: 3 } },
    { what: 'Life OS, handler of batches', figure: 'batch.rate', unit: 'events/s', reference: 'nest.rate', target: { of: 'ratio', atLeast: 20 } },
    { what: "  processor time of Nest's consumer", figure: 'nest.cpu', unit: 'us an event' },
    { what: '  ... of the handler of one event', figure: 'one.cpu', unit: 'us an event' },
    { what: '  ... of the handler of batches', figure: 'batch.cpu', unit: 'us an event' },
  ],
};
