import kafkajs, { type Admin } from 'kafkajs';
import type { KafkaConfig } from '../client/kafka-config.js';
import { backoff, sleep } from '../timing.js';
import { withAdmin } from './with-admin.js';

const { KafkaJSProtocolError } = kafkajs;

/** What a partition holds: records from `low` up to, not including, `high`. */
export interface PartitionOffsets {
  readonly topic: string;
  readonly partition: number;
  readonly low: number;
  readonly high: number;
}

export interface PartitionLag extends PartitionOffsets {
  /** Next offset that the group committed; null when it committed none. */
  readonly committed: number | null;
  /** Records between it and the end; all that the partition holds when none is committed. */
  readonly lag: number;
}

export function topicOffsets(config: KafkaConfig, topic: string): Promise<PartitionOffsets[]> {
  return withAdmin(config, (admin) => offsetsOf(admin, topic));
}

/** The offset of each partition's first record that is not older than the time; its end when there is none. */
export function offsetsAtTime(config: KafkaConfig, topic: string, time: Date): Promise<Map<number, number>> {
  return withAdmin(config, async (admin) => {
    const found = await admin.fetchTopicOffsetsByTimestamp(topic, time.getTime());
    return new Map(found.map(({ partition, offset }) => [partition, Number(offset)]));
  });
}

/** Forgets groups that nobody is a member of any more. */
export async function deleteGroups(config: KafkaConfig, groupIds: readonly string[]): Promise<void> {
  await withAdmin(config, (admin) => admin.deleteGroups([...groupIds]));
}

/** What the group has committed. Services keep their true positions in the database and commit now and then. */
export function groupLag(config: KafkaConfig, groupId: string, topics: readonly string[]): Promise<PartitionLag[]> {
  return withAdmin(config, async (admin) => {
    const committed = new Map((await committedBy(admin, groupId, topics)).map(({ topic, partition, offset }) => [`${topic}/${partition}`, offset]));
    const all = await Promise.all(topics.map((topic) => offsetsOf(admin, topic)));
    return all.flat().map((offsets) => lagOf(offsets, committed.get(`${offsets.topic}/${offsets.partition}`) ?? null));
  });
}

/** Leaves out the partitions in which the group committed nothing. */
export async function committedBy(admin: Pick<Admin, 'fetchOffsets'>, groupId: string, topics: readonly string[]): Promise<{ topic: string; partition: number; offset: number }[]> {
  const fetched = await askedAgain(() => admin.fetchOffsets({ groupId, topics: [...topics] }));
  const all = fetched.flatMap(({ topic, partitions }) => partitions.map(({ partition, offset }) => ({ topic, partition, offset: Number(offset) })));
  // Kafka says -1 for nothing.
  return all.filter(({ offset }) => offset >= 0);
}

/**
 * kafkajs asks a group's coordinator once, also where the answer is only that it moves or still loads its groups:
 * at the first use of a group, or after a broker's restart. Five times at most, over three seconds.
 */
async function askedAgain<T>(ask: () => Promise<T>): Promise<T> {
  for (let failures = 0; ; failures += 1) {
    try {
      return await ask();
    } catch (error) {
      if (!(error instanceof KafkaJSProtocolError && error.retriable) || failures === 4) throw error;
      await sleep(backoff(failures, 200, 1_600));
    }
  }
}

export async function offsetsOf(admin: Admin, topic: string): Promise<PartitionOffsets[]> {
  const partitions = await admin.fetchTopicOffsets(topic);
  return partitions
    .map(({ partition, low, high }) => ({ topic, partition, low: Number(low), high: Number(high) }))
    .sort((a, b) => a.partition - b.partition);
}

function lagOf(offsets: PartitionOffsets, committed: number | null): PartitionLag {
  return { ...offsets, committed, lag: Math.max(0, offsets.high - (committed ?? offsets.low)) };
}
