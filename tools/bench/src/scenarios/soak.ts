import { QuestCompleted } from '@lifeos/contracts';
import { deliveryMigrations } from '@lifeos/delivery';
import { size, type BenchEnv, type Outcome, type Prepared, type Scenario } from '../harness/scenario.js';
import { bookBatch } from '../parts/controllers.js';
import { Countdown } from '../parts/countdown.js';
import { checkExperience, createExperience } from '../parts/experience.js';
import { fillTopic, freshTopic } from '../parts/kafka.js';
import { startLifeOsConsumer } from '../parts/lifeos-consumer.js';
import { MemoryCurve, memoryRows } from '../parts/memory.js';
import { questRecord, topicOf } from '../parts/quest-events.js';
import { createQuestLog } from '../parts/quest-log.js';
import { registerSchema } from '../parts/registry.js';

const topic = topicOf(QuestCompleted);

async function prepare(env: BenchEnv): Promise<Prepared> {
  const count = size(env, 1_000_000, 10_000);
  const schemaId = await registerSchema(env.registryUrl, QuestCompleted);
  await freshTopic(env.brokers, topic);
  await fillTopic(env.brokers, count, (index) => questRecord(index, schemaId));
  return { count };
}

/** As in production: partitions side by side, effects and events of each in its batch. */
async function consumeAll(env: BenchEnv): Promise<Outcome> {
  const count = Number(env.prepared['count']);
  const log = await createQuestLog(env.postgresUrl, 'soak', [deliveryMigrations]);
  await createExperience(log.url);
  const memory = new MemoryCurve(count);
  const booked = new Countdown(count);
  const controller = bookBatch(({ length }) => {
    memory.add(length);
    booked.add(length);
  });
  const consumer = await startLifeOsConsumer({ env, log, topic, groupId: log.name, controllers: [controller], partitionsAtOnce: 4 });
  const elapsed = (await booked.done) - consumer.assignedAt;
  await consumer.stop();
  const checks = await checkExperience(log.url, count);
  await log.database.close();
  await log.drop();
  return { figures: { rate: (count / elapsed) * 1000, ...memory.figures }, checks };
}

export const soak: Scenario = {
  name: 'soak',
  about: 'a million events consumed in one go: is memory flat?',
  needs: ['postgres', 'kafka', 'registry'],
  onlyByName: true,
  repetitions: 1,
  prepare,
  contestants: [{ name: 'lifeos', run: consumeAll }],
  rows: [{ what: 'durable consume, batches, 4 partitions at once', figure: 'lifeos.rate', unit: 'events/s' }, ...memoryRows('lifeos')],
};
