import { countRecords, createTopic, sendAll } from '../parts/kafka.js';
import { createBenchDatabase, readRow } from '../parts/bench-database.js';
import { consumeWithNest } from '../parts/nest-consumer.js';
import { perMessageWork } from '../parts/per-message-work.js';
import { experienceOf, questRecords } from '../parts/quest-events.js';
import { registerSchema } from '../parts/registry.js';
import { size, type BenchEnv, type Outcome, type Prepared, type Scenario } from '../harness/scenario.js';
import { QuestCompleted } from '@lifeos/contracts';

async function prepare(env: BenchEnv): Promise<Prepared> {
  const schemaId = await registerSchema(env.registryUrl, QuestCompleted);
  const small = size(env, 3_000, 300);
  const medium = size(env, 15_000, 600);
  const large = size(env, 60_000, 3_000);
  const topics: Record<string, string | number> = { small, medium, large };
  for (const [name, count] of Object.entries({ small, medium, large })) {
    const topic = await createTopic(env.brokers, `bench-consume-${name}`);
    await sendAll(env.brokers, questRecords(count, topic, schemaId));
    if ((await countRecords(env.brokers, topic)) !== count) throw new Error(`Topic ${topic} should hold ${count} records.`);
    topics[`${name}Topic`] = topic;
  }
  return topics;
}

async function nest(env: BenchEnv): Promise<Outcome> {
  const count = Number(env.prepared['small']);
  const topic = String(env.prepared['smallTopic']);
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
  rows: [{ what: "Nest's Kafka transport, transaction a message", figure: 'nest.rate', unit: 'events/s', reference: 'nest.rate' }],
};
