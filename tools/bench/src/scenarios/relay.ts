import { QuestCompleted } from '@lifeos/contracts';
import { size, type BenchEnv, type Check, type Outcome, type Prepared, type Scenario } from '../harness/scenario.js';
import { createTopic, readTopic, sendAll } from '../parts/kafka.js';
import { experienceOf, questRecords } from '../parts/quest-events.js';
import { registerSchema } from '../parts/registry.js';

async function prepare(env: BenchEnv): Promise<Prepared> {
  return { schemaId: await registerSchema(env.registryUrl, QuestCompleted), count: size(env, 50_000, 2_000) };
}

async function kafkajs(env: BenchEnv): Promise<Outcome> {
  const count = Number(env.prepared['count']);
  const topic = await createTopic(env.brokers, 'bench-relay-kafkajs');
  const records = questRecords(count, topic, Number(env.prepared['schemaId']));
  const elapsed = await sendAll(env.brokers, records);
  return { figures: { rate: (count / elapsed) * 1000 }, checks: await checkTopic(env, topic, count) };
}

/** Every event once, sums right, each person's quests in the order in which they were completed. */
export async function checkTopic(env: BenchEnv, topic: string, count: number): Promise<Check[]> {
  const records = await readTopic(env.brokers, topic, count);
  const ids = new Set(records.map(({ headers }) => String(headers['ce_id'])));
  const quests = records.map(({ value }) => QuestCompleted.decode(value.subarray(5), QuestCompleted.version));
  const latest = new Map<number, number>();
  let disordered = 0;
  for (const { user_id, quest_id } of quests) {
    if ((latest.get(user_id) ?? 0) > quest_id) disordered += 1;
    latest.set(user_id, quest_id);
  }
  return [
    { what: 'records in the topic', expected: count, actual: records.length },
    { what: 'different event ids', expected: count, actual: ids.size },
    { what: 'experience in the records', expected: experienceOf(count), actual: quests.reduce((sum, each) => sum + each.experience_reward, 0) },
    { what: "records before an earlier one of the same person's", expected: 0, actual: disordered },
  ];
}

export const relay: Scenario = {
  name: 'relay',
  about: 'event log to Kafka: a backlog, and append (transactions of 50) and relay at once',
  needs: ['postgres', 'kafka', 'registry'],
  prepare,
  contestants: [{ name: 'kafkajs', run: kafkajs }],
  rows: [{ what: 'kafkajs alone: same bytes and headers, batches of 500', figure: 'kafkajs.rate', unit: 'events/s', reference: 'kafkajs.rate' }],
};
