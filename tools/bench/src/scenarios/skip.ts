import { QuestCompleted, QuestFailed } from '@lifeos/contracts';
import { deliveryMigrations } from '@lifeos/delivery';
import type { OutgoingRecord } from '@lifeos/events';
import { size, type BenchEnv, type Outcome, type Prepared, type Scenario } from '../harness/scenario.js';
import { readRow } from '../parts/bench-database.js';
import { seeFailedQuests } from '../parts/controllers.js';
import { Countdown } from '../parts/countdown.js';
import { startEffort } from '../parts/effort.js';
import { fillTopic, freshTopic } from '../parts/kafka.js';
import { startLifeOsConsumer } from '../parts/lifeos-consumer.js';
import { questRecord, recordOf, topicOf } from '../parts/quest-events.js';
import { createQuestLog } from '../parts/quest-log.js';
import { registerSchema } from '../parts/registry.js';

const topic = topicOf(QuestCompleted);
/** So many people that each partition ends with one of their records. */
const marks = 120;

async function prepare(env: BenchEnv): Promise<Prepared> {
  const count = size(env, 200_000, 6_000);
  const completedId = await registerSchema(env.registryUrl, QuestCompleted);
  const failedId = await registerSchema(env.registryUrl, QuestFailed);
  await freshTopic(env.brokers, topic);
  await fillTopic(env.brokers, count + marks, (index) => (index < count ? questRecord(index, completedId) : mark(index - count, failedId)));
  return { count };
}

function mark(index: number, schemaId: number): OutgoingRecord {
  const user_id = 1 + index;
  const payload = QuestFailed.build({
    user_id, quest_id: 1, quest_type: 'daily', failure_reason: 'timeout', failure_timestamp: new Date(1_750_000_000_000),
  });
  return recordOf(QuestFailed, payload, { schemaId, key: String(user_id) });
}

async function unhandled(env: BenchEnv): Promise<Outcome> {
  const count = Number(env.prepared['count']);
  const log = await createQuestLog(env.postgresUrl, 'skip', [deliveryMigrations]);
  const seen = new Countdown(marks);
  const consumer = await startLifeOsConsumer({ env, log, topic, groupId: log.name, controllers: [seeFailedQuests(() => seen.add(1))] });
  const effort = startEffort();
  const elapsed = (await seen.done) - consumer.assignedAt;
  const cpu = effort(count);
  await consumer.stop();
  const left = await readRow(log.url, 'select (select sum(next_offset) from consumer_positions) as position, (select count(*) from inbox) as inbox');
  await log.database.close();
  await log.drop();
  return {
    figures: { rate: (count / elapsed) * 1000, cpu },
    checks: [
      { what: 'offsets passed', expected: count + marks, actual: Number(left['position']) },
      { what: 'events in the inbox', expected: marks, actual: Number(left['inbox']) },
    ],
  };
}

export const skip: Scenario = {
  name: 'skip',
  about: 'events with full headers that no handler takes, through the real consumer',
  needs: ['postgres', 'kafka', 'registry'],
  prepare,
  contestants: [{ name: 'lifeos', run: unhandled }],
  rows: [
    { what: 'skip by header', figure: 'lifeos.rate', unit: 'events/s', target: { of: 'value', atLeast: 80_000 } },
    { what: '  processor time', figure: 'lifeos.cpu', unit: 'us an event' },
  ],
};
