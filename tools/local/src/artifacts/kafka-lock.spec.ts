import { describe, expect, it } from '@jest/globals';
import { versions } from '../versions.js';
import { readKafkaLock } from './kafka-jars.js';

describe('kafka.lock.json', () => {
  it('is of the version that is pinned', async () => {
    const lock = await readKafkaLock();
    expect(lock.version).toBe(versions.kafka);
    expect(lock.artifacts.map(({ coordinates }) => coordinates)).toEqual(
      expect.arrayContaining([`org.apache.kafka:kafka_2.13:${versions.kafka}`, `org.apache.kafka:kafka-tools:${versions.kafka}`]),
    );
  });

  it('names every jar once, with a checksum', async () => {
    const { artifacts } = await readKafkaLock();
    expect(artifacts.filter(({ sha256 }) => !/^[0-9a-f]{64}$/.test(sha256))).toEqual([]);
    expect(new Set(artifacts.map(({ coordinates }) => coordinates)).size).toBe(artifacts.length);
  });
});
