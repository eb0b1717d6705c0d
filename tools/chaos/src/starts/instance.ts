import { setTimeout as sleep } from 'node:timers/promises';
import { allEventTypes, QuestCompleted } from '@lifeos/contracts';
import type { HandlerDefinition } from '@lifeos/delivery';
import type { RecordDecoder } from '@lifeos/events';
import { EventFeed, type KafkaLogger } from '@lifeos/kafka';
import { openDatabase } from '@lifeos/postgres';
import type { InstanceJob } from './instance-job.js';

/** A service instance as a process of its own, wired as a real one; it tells on stdout when its group was led back. */
const { databaseUrl, brokers, topic, groupId, handlers } = JSON.parse(process.argv[2] ?? '') as InstanceJob;
const database = openDatabase({ url: databaseUrl, applicationName: 'instance', max: 8, onBackgroundError: () => undefined });
const decoder: RecordDecoder = { decode: ({ value }, type) => type.decode(value ?? Buffer.alloc(0), type.version) };
const tell = (message: string): void => void process.stdout.write(`${message}\n`);
const logger: KafkaLogger = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: (_, message) => tell(message) };

function writer({ name, from }: InstanceJob['handlers'][number]): HandlerDefinition {
  const invoke: HandlerDefinition['invoke'] = async (events, { tx, isReplay }) => {
    const quests = events.map(({ payload }) => payload as { user_id: number; quest_id: number });
    // A call takes its time, so that a join can be met in its midst.
    await sleep(15);
    await tx.query('INSERT INTO effects (handler, user_id, n, is_replay) SELECT $1, *, $4 FROM unnest($2::int[], $3::int[])', [
      name, quests.map(({ user_id }) => user_id), quests.map(({ quest_id }) => quest_id), isReplay,
    ]);
  };
  const start = typeof from === 'string' ? from : { timestamp: new Date(from.since) };
  return { name, aliases: [], types: [QuestCompleted], versions: '^1.0.0', batch: true, from: start, timeoutMs: 30_000, invoke };
}

const feed = new EventFeed({
  kafka: { brokers, clientId: 'instance' },
  groupId,
  topics: [topic],
  delivery: {
    handlers: handlers.map(writer), decoder, database, knownTypes: allEventTypes, eventLog: { append: () => undefined }, maxEvents: 100,
    logger: { info: () => undefined, warn: (message) => tell(message), error: (message) => tell(message) },
  },
  // A dead member's partitions wait as long as its session; all else is as in production.
  settings: { sessionTimeout: 1_500, rebalanceTimeout: 5_000, heartbeatInterval: 300, slice: { records: 100, bytes: 1_048_576 } },
  logger,
});

process.once('SIGTERM', () => void feed.stop().then(() => process.exit(0)));
process.once('disconnect', () => process.exit(1));
await feed.start();
