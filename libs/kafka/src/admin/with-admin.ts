import type { Admin } from 'kafkajs';
import { kafkaClient } from '../client/kafka-client.js';
import type { KafkaConfig } from '../client/kafka-config.js';
import { silentLogger } from '../logger.js';
import { settledWithin } from '../timing.js';

/** Runs one piece of administration on a connection of its own. */
export async function withAdmin<T>(config: KafkaConfig, work: (admin: Admin) => Promise<T>): Promise<T> {
  const admin = kafkaClient(config).admin();
  try {
    await admin.connect();
    return await work(admin);
  } finally {
    const left = admin.disconnect().catch((err: unknown) => (config.logger ?? silentLogger).debug({ err }, 'The admin connection did not close cleanly'));
    await settledWithin(3_000, left);
  }
}
