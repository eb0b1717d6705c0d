import { randomUUID } from 'node:crypto';
import type { IncomingRecord } from '@lifeos/events';
import { kafkaClient } from '../client/kafka-client.js';
import type { KafkaConfig } from '../client/kafka-config.js';
import { incomingRecord } from '../consumer/incoming-record.js';
import { silentLogger } from '../logger.js';
import { settledWithin } from '../timing.js';
import { withAdmin } from './with-admin.js';

/** A reading that goes on until it is closed. */
export interface Following {
  close(): Promise<void>;
}

/**
 * Hands over every record that the topics get from now on, as it arrives. For tools that look on: it
 * reads under a group of its own, which commits nothing and goes with it. Resolves once it is reading.
 */
export async function followTopics(config: KafkaConfig, topics: readonly string[], onRecord: (record: IncomingRecord) => void): Promise<Following> {
  const groupId = `${config.clientId}-follow-${randomUUID()}`;
  const log = config.logger ?? silentLogger;
  const consumer = kafkaClient(config).consumer({
    groupId,
    sessionTimeout: 30_000,
    rebalanceTimeout: 30_000,
    heartbeatInterval: 3_000,
    minBytes: 1,
    maxWaitTimeInMs: 500,
    allowAutoTopicCreation: false,
    retry: { retries: 5, restartOnFailure: async () => true },
  });
  await consumer.connect();
  await consumer.subscribe({ topics: [...topics], fromBeginning: false });
  // The end of each partition is asked for at its first fetch, so only then nothing more is missed.
  const reading = new Promise<void>((resolve) => {
    consumer.on(consumer.events.FETCH, () => resolve());
  });
  await consumer.run({
    autoCommit: false,
    eachMessage: async ({ topic, partition, message }) => {
      try {
        onRecord(incomingRecord(topic, partition, message));
      } catch (err) {
        log.error({ err, topic, partition, offset: message.offset }, 'A follower could not take a record');
      }
    },
  });
  await reading;
  return {
    close: async () => {
      await settledWithin(5_000, consumer.disconnect());
      await withAdmin(config, (admin) => admin.deleteGroups([groupId])).catch((err: unknown) => log.debug({ err, groupId }, 'A follower group was left to expire'));
    },
  };
}
