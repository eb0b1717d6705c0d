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
    const addresses = await addressesFrom({}, runFile);
    expect(addresses.brokers()).toEqual(['127.0.0.1:9092']);
    expect(addresses.registryUrl()).toBe(running.registry.url);
    expect(addresses.databaseUrl('quests', true)).toBe('postgres://local/quests');
  });

  it('prefers the environment', async () => {
    await writeFile(runFile, JSON.stringify(running));
    const addresses = await addressesFrom({ KAFKA_BROKERS: 'a:1, b:2', DATABASE_URL_QUESTS: 'postgres://given/quests' }, runFile);
    expect(addresses.brokers()).toEqual(['a:1', 'b:2']);
    expect(addresses.databaseUrl('quests', false)).toBe('postgres://given/quests');
  });

  it('never takes DATABASE_URL for several services', async () => {
    const addresses = await addressesFrom({ DATABASE_URL: 'postgres://one' }, runFile);
    expect(addresses.databaseUrl('quests', true)).toBe('postgres://one');
    expect(() => addresses.databaseUrl('quests', false)).toThrow('DATABASE_URL_QUESTS is not set');
  });

  it('names the variable that is missing when nothing runs', async () => {
    const addresses = await addressesFrom({}, runFile);
    expect(() => addresses.brokers()).toThrow('KAFKA_BROKERS is not set');
  });
});
