import kafkajs, { type Admin, type ITopicMetadata } from 'kafkajs';
import type { KafkaConfig } from '../client/kafka-config.js';
import { TopicMismatch, TopicsWithoutLeader } from '../errors.js';
import { sleep } from '../timing.js';
import { withAdmin } from './with-admin.js';

const leadersWithinMs = 20_000;

export interface TopicSpec {
  readonly topic: string;
  readonly partitions: number;
  /** Default the broker's own (`default.replication.factor`). */
  readonly replicationFactor?: number;
  /** For example `{ 'retention.ms': '-1' }`; applied at creation, never changed on a topic that exists. */
  readonly config?: Readonly<Record<string, string>>;
}

export interface CreatedTopics {
  readonly created: readonly string[];
  readonly existing: readonly string[];
}

/**
 * Creates the topics that are missing and waits until each has leaders; may run again, also at the
 * same time as another.
 * @throws TopicMismatch naming every topic that exists with another number of partitions; then nothing is created. TopicsWithoutLeader.
 */
export function createTopics(config: KafkaConfig, specs: readonly TopicSpec[]): Promise<CreatedTopics> {
  return withAdmin(config, async (admin) => {
    const known = await metadataOf(admin, specs);
    refuseMismatches(specs, known);
    const created: string[] = [];
    for (const spec of specs) if (!known.has(spec.topic) && (await create(admin, spec))) created.push(spec.topic);
    refuseMismatches(specs, await metadataWithLeaders(admin, specs));
    return { created, existing: specs.map(({ topic }) => topic).filter((topic) => !created.includes(topic)) };
  });
}

async function metadataOf(admin: Admin, specs: readonly TopicSpec[]): Promise<Map<string, ITopicMetadata>> {
  const existing = new Set(await admin.listTopics());
  const topics = specs.map(({ topic }) => topic).filter((topic) => existing.has(topic));
  if (topics.length === 0) return new Map();
  const metadata = await admin.fetchTopicMetadata({ topics });
  return new Map(metadata.topics.map((topic) => [topic.name, topic]));
}

/**
 * kafkajs can wait for leaders itself, but gives up with an error when a busy broker does not name the
 * new topic yet.
 * @throws TopicsWithoutLeader
 */
async function metadataWithLeaders(admin: Admin, specs: readonly TopicSpec[]): Promise<Map<string, ITopicMetadata>> {
  const deadline = Date.now() + leadersWithinMs;
  for (;;) {
    const known = await metadataOf(admin, specs).catch(notYet);
    const missing = specs.map(({ topic }) => topic).filter((topic) => !hasLeaders(known.get(topic)));
    if (missing.length === 0 && (await answer(admin, specs))) return known;
    if (Date.now() > deadline) throw new TopicsWithoutLeader(missing.length > 0 ? missing : specs.map(({ topic }) => topic), leadersWithinMs);
    await sleep(100);
  }
}

/** A broker names itself a leader a moment before it takes records; it tells offsets only from then on. */
async function answer(admin: Admin, specs: readonly TopicSpec[]): Promise<boolean> {
  const asked = await Promise.all(specs.map(({ topic }) => admin.fetchTopicOffsets(topic).then(() => true, (error: unknown) => notYet(error).has(topic))));
  return asked.every(Boolean);
}

const hasLeaders = (topic: ITopicMetadata | undefined): boolean => topic?.partitions.every(({ leader }) => leader >= 0) ?? false;

const electing = new Set(['UNKNOWN_TOPIC_OR_PARTITION', 'LEADER_NOT_AVAILABLE', 'NOT_LEADER_FOR_PARTITION']);

/** Between creation and the election of leaders brokers answer so; every other error is one. */
function notYet(error: unknown): Map<string, ITopicMetadata> {
  const cause = error instanceof kafkajs.KafkaJSNumberOfRetriesExceeded ? error.cause : error;
  const type = cause instanceof Error && 'type' in cause ? cause.type : null;
  if (typeof type === 'string' && electing.has(type)) return new Map();
  throw error;
}

function refuseMismatches(specs: readonly TopicSpec[], known: ReadonlyMap<string, ITopicMetadata>): void {
  const faults = specs.flatMap(({ topic, partitions }) => {
    const found = known.get(topic)?.partitions.length;
    return found === undefined || found === partitions ? [] : [`topic ${topic} has ${found} partitions, ${partitions} are asked for`];
  });
  if (faults.length > 0) throw new TopicMismatch(faults);
}

/** False when another release step was quicker. */
async function create(admin: Admin, spec: TopicSpec): Promise<boolean> {
  const configEntries = Object.entries(spec.config ?? {}).map(([name, value]) => ({ name, value }));
  const topic = { topic: spec.topic, numPartitions: spec.partitions, replicationFactor: spec.replicationFactor ?? -1, configEntries };
  try {
    return await admin.createTopics({ waitForLeaders: false, timeout: 10_000, topics: [topic] });
  } catch (error) {
    // kafkajs joins the brokers' answers in one error and keeps none of their texts in its own message.
    if (error instanceof kafkajs.KafkaJSAggregateError) throw new Error(error.errors.map(textOf).join('; '), { cause: error });
    throw error;
  }
}

function textOf(error: Error | string): string {
  return typeof error === 'string' ? error : error.message;
}
