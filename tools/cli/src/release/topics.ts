import { allRecordTypes } from '@lifeos/contracts';
import { createTopics, type KafkaConfig, type TopicSpec } from '@lifeos/kafka';
import { services } from './services.js';

/** Keys are hashed over them: once events are published, a topic's partitions can never change. */
const contextPartitions = 6;

/** Newest record a key is kept, so the topic stays as small as the number of persons. */
const compactedTopics = ['lifeos.privacy.consents'];

/** Every topic of this workspace: one a publishing context, one of dead letters a service. */
export function topicSpecs(): TopicSpec[] {
  const published = new Set(allRecordTypes.flatMap(({ topic }) => (topic === null ? [] : [topic])));
  return [
    ...[...published].sort().map((topic) => ({ topic, partitions: contextPartitions, config: keepFor(topic) })),
    ...services.map((service) => ({ topic: `lifeos.${service}.dead-letters`, partitions: 1, config: { 'retention.ms': '-1' } })),
  ];
}

const keepFor = (topic: string): Record<string, string> =>
  compactedTopics.includes(topic) ? { 'cleanup.policy': 'compact' } : { 'retention.ms': '-1' };

/**
 * Creates the topics that are missing; doing it again changes nothing.
 * @returns those created
 * @throws TopicMismatch when one exists with another number of partitions
 */
export async function createLifeosTopics(config: KafkaConfig): Promise<readonly string[]> {
  const { created } = await createTopics(config, topicSpecs());
  return created;
}
