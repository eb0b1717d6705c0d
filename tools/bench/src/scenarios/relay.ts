import { setTimeout as sleep } from 'node:timers/promises';
import { QuestCompleted } from '@lifeos/contracts';
import { size, type BenchEnv, type Check, type Outcome, type Prepared, type Scenario } from '../harness/scenario.js';
import { startEffort } from '../parts/effort.js';
import { freshTopic, readTopic, ReferenceProducer } from '../parts/kafka.js';
import { experienceOf, questRecord, topicOf } from '../parts/quest-events.js';
import { appendAll, appendQuests, createQuestLog, preparedQuestLog, type QuestLog } from '../parts/quest-log.js';
import { openQuestRelay, warmUp, type QuestRelay } from '../parts/quest-relay.js';
import { readRow } from '../parts/bench-database.js';
import { registerSchema } from '../parts/registry.js';

const topic = topicOf(QuestCompleted);
const transactionSize = 50;
const writers = 4;

async function prepare(env: BenchEnv): Promise<Prepared> {
  return { schemaId: await registerSchema(env.registryUrl, QuestCompleted), count: size(env, 50_000, 2_000) };
}

async function kafkajs(env: BenchEnv): Promise<Outcome> {
  const count = Number(env.prepared['count']);
  await freshTopic(env.brokers, topic);
  const records = Array.from({ length: count }, (_, index) => questRecord(index, Number(env.prepared['schemaId'])));
  const producer = await ReferenceProducer.connect(env.brokers);
  await warmUp(env, { publish: (warm) => producer.send(warm) });
  const effort = startEffort();
  const started = performance.now();
  await producer.send(records);
  const elapsed = performance.now() - started;
  const cpu = effort(count);
  await producer.close();
  return { figures: { rate: (count / elapsed) * 1000, cpu }, checks: await checkTopic(env, count) };
}

/** The events are in the log when the relay starts. */
async function prepareBacklog(env: BenchEnv): Promise<Prepared> {
  await freshTopic(env.brokers, topic);
  const log = await createQuestLog(env.postgresUrl, 'relay_backlog');
  await appendAll(log, Number(env.prepared['count']), 500);
  await log.database.close();
  return { database: log.name };
}

async function backlog(env: BenchEnv): Promise<Outcome> {
  const count = Number(env.prepared['count']);
  const log = preparedQuestLog(env);
  const { relay, publisher } = openQuestRelay(env, log.url);
  await warmUp(env, publisher);
  const effort = startEffort();
  const started = performance.now();
  relay.relay.start();
  await relay.sent(count);
  return finish(env, log, { relay, count, elapsed: performance.now() - started, cpu: effort(count) });
}

/** Four writers append while the relay runs in the same process. */
async function atOnce(env: BenchEnv): Promise<Outcome> {
  const count = Number(env.prepared['count']);
  await freshTopic(env.brokers, topic);
  const log = await createQuestLog(env.postgresUrl, 'relay_at_once');
  const { relay, publisher } = openQuestRelay(env, log.url);
  await warmUp(env, publisher);
  log.eventLog.onAppended(() => relay.relay.wake());
  relay.relay.start();
  while (!relay.relay.status().isLeader) await sleep(5);
  const effort = startEffort();
  const started = performance.now();
  const sent = relay.sent(count);
  let next = 0;
  const write = async (): Promise<void> => {
    while (next < count) {
      const from = next;
      next += transactionSize;
      await appendQuests(log, from, Math.min(count, from + transactionSize));
    }
  };
  await Promise.all(Array.from({ length: writers }, write));
  await sent;
  return finish(env, log, { relay, count, elapsed: performance.now() - started, cpu: effort(count) });
}

interface Relayed {
  readonly relay: QuestRelay;
  readonly count: number;
  readonly elapsed: number;
  readonly cpu: number;
}

async function finish(env: BenchEnv, log: QuestLog, { relay, count, elapsed, cpu }: Relayed): Promise<Outcome> {
  await relay.stop();
  const checks = await checkTopic(env, count);
  const left = await readRow(log.url, 'select count(*) as events, (select count(*) from relay_blocked) as blocked from event_log');
  await log.database.close();
  await log.drop();
  return {
    figures: { rate: (count / elapsed) * 1000, cpu },
    checks: [
      ...checks,
      { what: 'events in the log', expected: count, actual: Number(left['events']) },
      { what: 'blocked events', expected: 0, actual: Number(left['blocked']) },
    ],
  };
}

/** Every event once, sums right, each person's quests in the order in which they were completed. */
async function checkTopic(env: BenchEnv, count: number): Promise<Check[]> {
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
  contestants: [
    { name: 'kafkajs', run: kafkajs },
    { name: 'backlog', prepare: prepareBacklog, run: backlog },
    { name: 'atOnce', run: atOnce },
  ],
  rows: [
    { what: 'kafkajs alone: same bytes and headers, batches of 500', figure: 'kafkajs.rate', unit: 'events/s' },
    { what: 'relay of a backlog', figure: 'backlog.rate', unit: 'events/s', reference: 'kafkajs.rate', target: { of: 'value', atLeast: 20_000 } },
    { what: 'append (transactions of 50) and relay at once', figure: 'atOnce.rate', unit: 'events/s', reference: 'kafkajs.rate', target: { of: 'value', atLeast: 12_000 } },
    { what: '  processor time of kafkajs alone', figure: 'kafkajs.cpu', unit: 'us an event' },
    { what: '  ... of the relay', figure: 'backlog.cpu', unit: 'us an event' },
    { what: '  ... of append and relay', figure: 'atOnce.cpu', unit: 'us an event' },
  ],
};
