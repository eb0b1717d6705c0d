import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Log } from '../log.js';
import { cacheFolder, packageRoot } from '../paths.js';
import { fetchAll } from './fetch-all.js';
import { type Artifact } from './fetch-artifact.js';

export interface KafkaLock {
  readonly version: string;
  readonly artifacts: readonly Artifact[];
}

export async function readKafkaLock(): Promise<KafkaLock> {
  return JSON.parse(await readFile(join(packageRoot, 'kafka.lock.json'), 'utf8')) as KafkaLock;
}

/** The class path of the broker and its tools; each jar has the checksum of kafka.lock.json. */
export async function kafkaJars(log: Log): Promise<string[]> {
  const lock = await readKafkaLock();
  return fetchAll(lock.artifacts, { folder: join(cacheFolder(), 'artifacts'), what: `Kafka ${lock.version}`, log });
}
