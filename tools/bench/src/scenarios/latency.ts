import { setTimeout as sleep } from 'node:timers/promises';
import { ExperienceAwarded, QuestCompleted } from '@lifeos/contracts';
import { deliveryMigrations } from '@lifeos/delivery';
import { startRole } from '../harness/role-process.js';
import { size, type BenchEnv, type Check, type Outcome, type Prepared, type Scenario } from '../harness/scenario.js';
import { percentile } from '../harness/statistics.js';
import { benchDatabase } from '../parts/bench-database.js';
import { wallClock } from '../parts/clock.js';
import { bookBatch } from '../parts/controllers.js';
import { checkExperience, createExperience } from '../parts/experience.js';
import { freshTopic, readTopic } from '../parts/kafka.js';
import { startLifeOsConsumer } from '../parts/lifeos-consumer.js';
import { openLoop } from '../parts/open-loop.js';
import { topicOf } from '../parts/quest-events.js';
import { appendQuests, createQuestLog, openQuestLog } from '../parts/quest-log.js';
import { openQuestRelay, warmUp } from '../parts/quest-relay.js';
import { registerSchema } from '../parts/registry.js';
import { Countdown } from '../parts/countdown.js';
import type { Role } from '../harness/scenario.js';

const perSecond = 100;
const topic = topicOf(QuestCompleted);

async function prepare(env: BenchEnv): Promise<Prepared> {
  await registerSchema(env.registryUrl, QuestCompleted);
  await registerSchema(env.registryUrl, ExperienceAwarded);
  // The first of them warm both services up and do not count.
  return { warm: size(env, 300, 100), count: size(env, 1_400, 400) };
}

async function prepareServices(env: BenchEnv): Promise<Prepared> {
  await freshTopic(env.brokers, topic, { appendTime: true });
  await freshTopic(env.brokers, topicOf(ExperienceAwarded));
  const quests = await createQuestLog(env.postgresUrl, 'latency_quests');
  const dashboard = await createQuestLog(env.postgresUrl, 'latency_dashboard', [deliveryMigrations]);
  await createExperience(dashboard.url);
  await quests.database.close();
  await dashboard.database.close();
  return { quests: quests.name, dashboard: dashboard.name };
}

/** Commits quests at fixed times and relays them. */
const questsRole: Role = async (env, desk) => {
  const log = openQuestLog(benchDatabase(env.postgresUrl, String(env.prepared['quests'])).url);
  const { relay, publisher } = openQuestRelay(env, benchDatabase(env.postgresUrl, String(env.prepared['quests'])).url);
  await warmUp(env, publisher);
  log.eventLog.onAppended(() => relay.relay.wake());
  relay.relay.start();
  while (!relay.relay.status().isLeader) await sleep(5);
  desk.onTold(({ count }) => {
    const committed: number[] = [];
    void openLoop({ count: Number(count), perSecond }, async (index) => {
      await appendQuests(log, index, index + 1);
      committed[index] = wallClock();
    }).then(() => desk.tell({ committed: JSON.stringify(committed) }));
  });
  await desk.ready();
  await desk.ended;
  await relay.stop();
  await log.database.close();
};

/** Books experience for each quest and says when that was committed; its own events are relayed too. */
const dashboardRole: Role = async (env, desk) => {
  const { url, name } = benchDatabase(env.postgresUrl, String(env.prepared['dashboard']));
  const log = openQuestLog(url, ExperienceAwarded.context);
  const { relay } = openQuestRelay(env, url, ExperienceAwarded.context);
  log.eventLog.onAppended(() => relay.relay.wake());
  relay.relay.start();
  const count = Number(env.prepared['count']);
  const effective: number[] = [];
  const booked = new Countdown(count);
  const controller = bookBatch((events) => {
    const now = wallClock();
    for (const { payload } of events) effective[payload.quest_id - 1] = now;
    booked.add(events.length);
  });
  const consumer = await startLifeOsConsumer({ env, log, topic, groupId: name, controllers: [controller], partitionsAtOnce: 4 });
  void booked.done.then(() => desk.tell({ effective: JSON.stringify(effective) }));
  await desk.ready();
  await desk.ended;
  await consumer.stop();
  await relay.stop();
  await log.database.close();
};

/** Two service processes; this one only waits, then reads what the broker wrote and when. */
async function twoServices(env: BenchEnv): Promise<Outcome> {
  const count = Number(env.prepared['count']);
  const [dashboard, quests] = await Promise.all([startRole('latency', 'dashboard', env), startRole('latency', 'quests', env)]);
  const told = { committed: quests.next('committed'), effective: dashboard.next('effective') };
  quests.tell({ count });
  const committed = times(await told.committed);
  const effective = times(await told.effective);
  const appended = await appendTimes(env, count);
  await Promise.all([quests.end(), dashboard.end()]);
  const checks = await checkServices(env, count);
  const from = Number(env.prepared['warm']);
  const toBroker = committed.slice(from).map((at, index) => (appended[from + index] ?? Number.NaN) - at);
  const toEffect = committed.slice(from).map((at, index) => (effective[from + index] ?? Number.NaN) - at);
  return {
    figures: {
      brokerP50: percentile(toBroker, 0.5),
      brokerP99: percentile(toBroker, 0.99),
      effectP50: percentile(toEffect, 0.5),
      effectP99: percentile(toEffect, 0.99),
    },
    checks: [
      { what: 'commits', expected: count, actual: committed.filter(Number.isFinite).length },
      { what: 'records with an append time', expected: count, actual: appended.filter(Number.isFinite).length },
      { what: 'effects', expected: count, actual: effective.filter(Number.isFinite).length },
      ...checks,
    ],
  };
}

function times(text: string | number): number[] {
  return JSON.parse(String(text)) as number[];
}

/** By quest. The broker tells whole ms, cut off: half of one is added. */
async function appendTimes(env: BenchEnv, count: number): Promise<number[]> {
  const appended: number[] = [];
  for (const { value, timestamp } of await readTopic(env.brokers, topic, count)) {
    appended[QuestCompleted.decode(value.subarray(5), QuestCompleted.version).quest_id - 1] = timestamp + 0.5;
  }
  return appended;
}

async function checkServices(env: BenchEnv, count: number): Promise<Check[]> {
  const quests = benchDatabase(env.postgresUrl, String(env.prepared['quests']));
  const dashboard = benchDatabase(env.postgresUrl, String(env.prepared['dashboard']));
  const checks = await checkExperience(dashboard.url, count);
  const awarded = await readTopic(env.brokers, topicOf(ExperienceAwarded), count);
  await quests.drop();
  await dashboard.drop();
  return [...checks, { what: 'events that the effects raised, in their topic', expected: count, actual: awarded.length }];
}

export const latency: Scenario = {
  name: 'latency',
  about: 'two service processes, 100 commits a second at fixed times; to the record by the append time of the broker',
  needs: ['postgres', 'kafka', 'registry'],
  prepare,
  contestants: [{ name: 'lifeos', prepare: prepareServices, run: twoServices }],
  roles: { quests: questsRole, dashboard: dashboardRole },
  rows: [
    { what: 'commit to record in Kafka, p50', figure: 'lifeos.brokerP50', unit: 'ms', target: { of: 'value', atMost: 3 } },
    { what: 'commit to record in Kafka, p99', figure: 'lifeos.brokerP99', unit: 'ms', target: { of: 'value', atMost: 10 } },
    { what: 'commit to effect committed in the other service, p50', figure: 'lifeos.effectP50', unit: 'ms', target: { of: 'value', atMost: 8 } },
    { what: 'commit to effect committed in the other service, p99', figure: 'lifeos.effectP99', unit: 'ms', target: { of: 'value', atMost: 30 } },
  ],
};
