import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { addressesFrom } from './addresses.js';

const running = {
  kafka: { brokers: ['127.0.0.1:9092'] },
  registry: { url: 'http://127.0.0.1:8081/apis/ccompat/v7' },
  postgres: { databases: { quests: 'postgres://local/quests' } },
};

let folder: string;
let runFile: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'addresses-'));
  runFile = join(folder, 'run.json');
});
afterEach(() => rm(folder, { recursive: true }));

describe('addressesFrom', () => {
  it('takes what npm start says of itself', async () => {
    await writeFile(runFile, JSON.stringify(running));
    const addresses = await addressesFrom({ LIFEOS_LOCAL: folder });
    expect(addresses.brokers()).toEqual(['127.0.0.1:9092']);
    expect(addresses.registryUrl()).toBe(running.registry.url);
    expect(addresses.databaseUrl('quests', true)).toBe('postgres://local/quests');
  });

  it('prefers the environment', async () => {
    await writeFile(runFile, JSON.stringify(running));
    const addresses = await addressesFrom({ KAFKA_BROKERS: 'a:1, b:2', DATABASE_URL_QUESTS: 'postgres://given/quests', LIFEOS_LOCAL: folder });
    expect(addresses.brokers()).toEqual(['a:1', 'b:2']);
    expect(addresses.databaseUrl('quests', false)).toBe('postgres://given/quests');
  });

  it('never takes DATABASE_URL for several services', async () => {
    const addresses = await addressesFrom({ DATABASE_URL: 'postgres://one', LIFEOS_LOCAL: folder });
    expect(addresses.databaseUrl('quests', true)).toBe('postgres://one');
    expect(() => addresses.databaseUrl('quests', false)).toThrow('DATABASE_URL_QUESTS is not set');
  });

  it('names the variable that is missing when nothing runs', async () => {
    const addresses = await addressesFrom({ LIFEOS_LOCAL: folder });
    expect(() => addresses.brokers()).toThrow('KAFKA_BROKERS is not set');
  });

  it('takes nothing from what was killed', async () => {
    const gone = 2 ** 22 + 1;
    await writeFile(runFile, JSON.stringify({ ...running, kafka: { ...running.kafka, pid: gone }, registry: { ...running.registry, pid: process.pid } }));
    const someUp = await addressesFrom({ LIFEOS_LOCAL: folder });
    expect(someUp.registryUrl()).toBe(running.registry.url);
    expect(() => someUp.brokers()).toThrow('no `npm start` of this checkout is up');

    await writeFile(runFile, JSON.stringify({ ...running, kafka: { ...running.kafka, pid: gone } }));
    const noneUp = await addressesFrom({ LIFEOS_LOCAL: folder });
    expect(() => noneUp.registryUrl()).toThrow('no `npm start` of this checkout is up');
  });
});
