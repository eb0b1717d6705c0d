import { QuestCompleted, type QuestCompletedPayload } from '@lifeos/contracts';
import { deliveryMigrations } from '@lifeos/delivery';
import { size, type BenchEnv, type Outcome, type Prepared, type Scenario } from '../harness/scenario.js';
import { runOnce } from '../parts/bench-database.js';
import { startEffort } from '../parts/effort.js';
import { projectBatch } from '../parts/controllers.js';
import { Countdown } from '../parts/countdown.js';
import { book, checkExperience, createExperience } from '../parts/experience.js';
import { fillTopic, freshTopic } from '../parts/kafka.js';
import { startLifeOsConsumer } from '../parts/lifeos-consumer.js';
import { MemoryCurve, memoryRows } from '../parts/memory.js';
import { questRecord, topicOf } from '../parts/quest-events.js';
import { appendAll, createQuestLog, preparedQuestLog } from '../parts/quest-log.js';
import { registerSchema } from '../parts/registry.js';

const topic = topicOf(QuestCompleted);
const page = 500;

async function prepareLog(env: BenchEnv): Promise<Prepared> {
  const log = await createQuestLog(env.postgresUrl, 'rebuild_log');
  await createExperience(log.url);
  await appendAll(log, Number(env.prepared['count']), 500);
  // As autovacuum would have done for any log that is older than a minute.
  await runOnce(log.url, 'analyze event_log');
  await log.database.close();
  return { database: log.name };
}

/** Reads the log from its start, a transaction a page. */
async function fromLog(env: BenchEnv): Promise<Outcome> {
  const count = Number(env.prepared['count']);
  const log = preparedQuestLog(env);
  const memory = new MemoryCurve(count);
  const effort = startEffort();
  const started = performance.now();
  let waiting: QuestCompletedPayload[] = [];
  const bookWaiting = async (): Promise<void> => {
    await log.database.transaction({ keys: [] }, (tx) => book(tx, waiting));
    memory.add(waiting.length);
    waiting = [];
  };
  for await (const { payload } of log.eventLog.readAll({ types: [QuestCompleted] }, { pageSize: page })) {
    waiting.push(payload as QuestCompletedPayload);
    if (waiting.length === page) await bookWaiting();
  }
  if (waiting.length > 0) await bookWaiting();
  const elapsed = performance.now() - started;
  const cpu = effort(count);
  const checks = await checkExperience(log.url, count);
  await log.database.close();
  await log.drop();
  return { figures: { rate: (count / elapsed) * 1000, cpu, ...memory.figures }, checks };
}

/** A new service reads the topic from its start; positions and inbox are kept as always. */
async function fromKafka(env: BenchEnv): Promise<Outcome> {
  const count = Number(env.prepared['count']);
  const log = await createQuestLog(env.postgresUrl, 'rebuild_kafka', [deliveryMigrations]);
  await createExperience(log.url);
  const memory = new MemoryCurve(count);
  const projected = new Countdown(count);
  const controller = projectBatch(({ length }) => {
    memory.add(length);
    projected.add(length);
  });
  const consumer = await startLifeOsConsumer({ env, log, topic, groupId: log.name, controllers: [controller] });
  const effort = startEffort();
  const elapsed = (await projected.done) - consumer.assignedAt;
  const cpu = effort(count);
  await consumer.stop();
  const checks = await checkExperience(log.url, count);
  await log.database.close();
  await log.drop();
  return { figures: { rate: (count / elapsed) * 1000, cpu, ...memory.figures }, checks };
}

async function prepare(env: BenchEnv): Promise<Prepared> {
  const count = size(env, 200_000, 4_000);
  const schemaId = await registerSchema(env.registryUrl, QuestCompleted);
  await freshTopic(env.brokers, topic);
  await fillTopic(env.brokers, count, (index) => questRecord(index, schemaId));
  return { count };
}

export const rebuild: Scenario = {
  name: 'rebuild',
  about: "a read model made anew from the service's own log and from Kafka; memory at each quarter of the way",
  needs: ['postgres', 'kafka', 'registry'],
  prepare,
  contestants: [
    { name: 'log', prepare: prepareLog, run: fromLog },
    { name: 'kafka', run: fromKafka },
  ],
  rows: [
    { what: 'from the log', figure: 'log.rate', unit: 'events/s', target: { of: 'value', atLeast: 40_000 } },
    { what: '  processor time', figure: 'log.cpu', unit: 'us an event' },
    ...memoryRows('log'),
    { what: 'from Kafka', figure: 'kafka.rate', unit: 'events/s', target: { of: 'value', atLeast: 40_000 } },
    { what: '  processor time', figure: 'kafka.cpu', unit: 'us an event' },
    ...memoryRows('kafka'),
  ],
};
