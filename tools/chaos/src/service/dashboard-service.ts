import { allEventTypes, ExperienceAwarded, QuestCompleted } from '@lifeos/contracts';
import { BatchProcessor, type HandlerContext, type HandlerDefinition, noMetrics, Retrier } from '@lifeos/delivery';
import type { EventEnvelope, EventOf } from '@lifeos/events';
import { KafkaConsumerRunner, topicOffsets, type TopicPartition } from '@lifeos/kafka';
import type { Queryable } from '@lifeos/postgres';
import { setTimeout as sleep } from 'node:timers/promises';
import { groupOf, type Job, topicOf } from './job.js';
import type { Seams } from './seams.js';
import { openParts } from './service-parts.js';
import type { TestService } from './test-service.js';

/** Books each completed quest once and says so: a row, a sum, an event. */
export function openDashboard(job: Job, seams: Seams): TestService {
  const parts = openParts(job, seams);
  const { database, eventLog, kafka, registry, relay } = parts;
  const shared = { handlers: [bookQuest(job, seams)], decoder: registry.decoder, database, eventLog, knownTypes: allEventTypes };
  const retrier = new Retrier(shared);
  const processor = new BatchProcessor({
    ...shared,
    metrics: { ...noMetrics, parked: () => retrier.wake() },
    currentHighWatermark: async (topic, partition) => (await topicOffsets(kafka, topic)).find((at) => at.partition === partition)?.high ?? 0,
  });
  const runner = new KafkaConsumerRunner({
    kafka,
    groupId: groupOf(job.run),
    topics: [topicOf('quests', job.run)],
    processor: seams.processor(processor),
    positions: async (at) => {
      seams.assigned();
      return positionsIn(database, at);
    },
    // A dead member's partitions wait as long as its session; all else is as in production.
    settings: job.pace === 'short' ? { sessionTimeout: 1_200, rebalanceTimeout: 3_000, heartbeatInterval: 200 } : {},
  });
  return {
    start: async () => {
      relay.start();
      retrier.start();
      await runner.start();
    },
    quiet: async () => undefined,
    stop: async () => {
      seams.stopping();
      const stopped = runner.stop();
      seams.stopping();
      await sleep(5);
      seams.stopping();
      await Promise.all([stopped, retrier.stop()]);
      seams.stopping();
      await relay.stop();
      seams.stopping();
      await parts.closeAll();
    },
  };
}

const refusedForMs = 1_500;

function bookQuest({ load }: Job, seams: Seams): HandlerDefinition {
  return {
    name: 'book-quest',
    aliases: [],
    types: [QuestCompleted],
    versions: '^1.0.0',
    batch: false,
    from: 'beginning',
    timeoutMs: 10_000,
    retry: { retries: 100, firstDelayMs: 300, factor: 1.5, maxDelayMs: 1_000 },
    invoke: async (events, context) => {
      for (const event of events) {
        seams.handling();
        await book(event as EventOf<typeof QuestCompleted>, context, load.refuseEvery);
      }
    },
  };
}

async function book(event: EventOf<typeof QuestCompleted>, context: HandlerContext, refuseEvery: number): Promise<void> {
  const { user_id: user, quest_id: n, experience_reward: points } = event.payload;
  const isRefused = refuseEvery > 0 && n % refuseEvery === 0 && Date.now() < event.timestamp.getTime() + refusedForMs;
  if (isRefused) throw new Error(`Quest ${n} of user ${user} is refused for a while`);
  await context.tx.query('INSERT INTO effects (event_id, user_id, n) VALUES ($1, $2, $3)', [event.eventId, user, n]);
  await context.tx.query('INSERT INTO booked AS b VALUES ($1, 1) ON CONFLICT (user_id) DO UPDATE SET count = b.count + 1', [user]);
  const cause: EventEnvelope = event;
  context.raise(ExperienceAwarded, { user_id: user, experience_points: points, source_type: 'quest', source_id: n, reason: 'quest' }, { cause, fact: String(n) });
}

async function positionsIn(database: Queryable, at: readonly TopicPartition[]): Promise<(TopicPartition & { offset: number })[]> {
  const { rows } = await database.query<{ topic: string; partition: number; next_offset: string }>(
    'SELECT topic, partition, min(next_offset) AS next_offset FROM consumer_positions WHERE topic = ANY($1) GROUP BY topic, partition',
    [at.map(({ topic }) => topic)],
  );
  return rows.map(({ topic, partition, next_offset }) => ({ topic, partition, offset: Number(next_offset) }));
}
