import { randomBytes } from 'node:crypto';
import type { KafkaConfig } from '../client/kafka-config.js';

/** The broker that the test run started, or the one named by the environment. */
export function testKafka(config: Partial<KafkaConfig> = {}): KafkaConfig {
  const brokers = process.env['KAFKA_BROKERS'];
  if (!brokers) throw new Error('KAFKA_BROKERS is not set: run the tests by npm test, or start Kafka and set it');
  return { brokers: brokers.split(','), clientId: 'kafka-e2e', ...config };
}

export function randomName(prefix: string): string {
  return `${prefix}-${randomBytes(6).toString('hex')}`;
}
