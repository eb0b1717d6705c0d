import { QuestCompleted, type QuestCompletedPayload } from '@lifeos/contracts';
import { size, type BenchEnv, type Outcome, type Scenario } from '../harness/scenario.js';
import { runOnce } from '../parts/bench-database.js';
import { book, checkExperience, createExperience } from '../parts/experience.js';
import { MemoryCurve } from '../parts/memory.js';
import { appendAll, createQuestLog } from '../parts/quest-log.js';

const page = 500;

/** Reads the log from its start, a transaction a page. */
async function fromLog(env: BenchEnv): Promise<Outcome> {
  const count = size(env, 200_000, 4_000);
  const log = await createQuestLog(env.postgresUrl, 'rebuild_log');
  await createExperience(log.url);
  await appendAll(log, count, 500);
  // As autovacuum would have done for any log that is older than a minute.
  await runOnce(log.url, 'analyze event_log');
  const memory = new MemoryCurve(count);
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
  const checks = await checkExperience(log.url, count);
  await log.database.close();
  await log.drop();
  return { figures: { rate: (count / elapsed) * 1000, ...memory.figures }, checks };
}

export const rebuild: Scenario = {
  name: 'rebuild',
  about: "a read model made anew from the service's own log and from Kafka; memory at each quarter of the way",
  needs: ['postgres', 'kafka', 'registry'],
  contestants: [{ name: 'log', run: fromLog }],
  rows: [
    { what: 'from the log', figure: 'log.rate', unit: 'events/s', target: { of: 'value', atLeast: 40_000 } },
    { what: 'from the log: resident memory at 25 %', figure: 'log.rss25', unit: 'MB' },
    { what: '... at 50 %', figure: 'log.rss50', unit: 'MB' },
    { what: '... at 75 %', figure: 'log.rss75', unit: 'MB' },
    { what: '... at 100 %', figure: 'log.rss100', unit: 'MB' },
    { what: '... at 100 % over 25 %', figure: 'log.growth', unit: 'times', target: { of: 'value', atMost: 1.1 } },
  ],
};
