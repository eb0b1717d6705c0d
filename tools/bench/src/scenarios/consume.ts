import { fillTopic, freshTopic } from '../parts/kafka.js';
import { createBenchDatabase, readRow } from '../parts/bench-database.js';
import { consumeWithNest } from '../parts/nest-consumer.js';
import { perMessageWork } from '../parts/per-message-work.js';
import { experienceOf, questRecord, topicOf } from '../parts/quest-events.js';
import { registerSchema } from '../parts/registry.js';
import { size, type BenchEnv, type Outcome, type Prepared, type Scenario } from '../harness/scenario.js';
import { QuestCompleted } from '@lifeos/contracts';

const topic = topicOf(QuestCompleted);

async function prepare(env: BenchEnv): Promise<Prepared> {
  return { schemaId: await registerSchema(env.registryUrl, QuestCompleted) };
}

/** Fills the topic: a transaction a message needs a minute for what batches do in seconds. */
async function fill(env: BenchEnv, count: number): Promise<void> {
  await freshTopic(env.brokers, topic);
  await fillTopic(env.brokers, count, (index) => questRecord(index, Number(env.prepared['schemaId'])));
}

async function nest(env: BenchEnv): Promise<Outcome> {
  const count = size(env, 3_000, 300);
  await fill(env, count);
  const database = await createBenchDatabase(env.postgresUrl, 'consume_nest');
  const work = await perMessageWork(database.url);
  const elapsed = await consumeWithNest({ brokers: env.brokers, topic, groupId: database.name, count, handle: work.handle });
  await work.close();
  const left = await readRow(
    database.url,
    `select (select count(*) from inbox) as inbox, (select sum(total) from experience) as experience,
       (select count(*) from outgoing) as outgoing, (select sum((payload->>'experience_points')::bigint) from outgoing) as awarded`,
  );
  await database.drop();
  return {
    figures: { rate: (count / elapsed) * 1000 },
    checks: [
      { what: 'inbox rows', expected: count, actual: Number(left['inbox']) },
      { what: 'experience booked', expected: experienceOf(count), actual: Number(left['experience']) },
      { what: 'outgoing events', expected: count, actual: Number(left['outgoing']) },
      { what: 'experience in outgoing events', expected: experienceOf(count), actual: Number(left['awarded']) },
    ],
  };
}

export const consume: Scenario = {
  name: 'consume',
  about: 'durable consume: position and inbox, one row, one logged event; one partition at a time',
  needs: ['postgres', 'kafka', 'registry'],
  prepare,
  contestants: [{ name: 'nest', run: nest }],
  rows: [{ what: "Nest's Kafka transport, transaction a message", figure: 'nest.rate', unit: 'events/s' }],
};
