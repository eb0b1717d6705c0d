import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '@lifeos/testing';
import { main } from '../main.js';
import { kafkaConfig } from '../release/kafka-config.js';
import { migrateService } from '../release/migrate.js';
import { createLifeosTopics } from '../release/topics.js';
import type { PlannedStart } from './plan.js';

describe('npx lifeos subscriptions plan', () => {
  let test: TestDatabase;
  const said: string[] = [];

  beforeAll(async () => {
    test = await createTestDatabase();
    await createLifeosTopics(kafkaConfig((process.env['KAFKA_BROKERS'] ?? '').split(',')));
  }, 60_000);
  afterAll(() => test.drop());
  afterEach(() => {
    process.exitCode = undefined;
    delete process.env['DATABASE_URL_QUESTS'];
    said.length = 0;
    jest.restoreAllMocks();
  });

  async function plan(url: string, ...flags: string[]): Promise<PlannedStart[]> {
    process.env['DATABASE_URL_QUESTS'] = url;
    for (const method of ['log', 'error'] as const) jest.spyOn(console, method).mockImplementation((text: string) => void said.push(text));
    await main(['node', 'lifeos', 'subscriptions', 'plan', ...flags]);
    return said[0]?.startsWith('[') ? (JSON.parse(said[0]) as PlannedStart[]) : [];
  }

  it('tells what starts before and after the release step, and that nothing was changed by asking', async () => {
    const before = await plan(test.url, 'quests', '--json');
    expect(before.map(({ service, way, partitions }) => [service, way, partitions.length])).toEqual(before.map(() => ['quests', 'joins', 6]));
    expect(before.map(({ handler }) => handler)).toContain('reserve-quest-id-when-quest-created');
    await migrateService({ service: 'quests', url: test.url });
    said.length = 0;
    expect(await plan(test.url, 'quests', '--json')).toEqual(before);
    expect(process.exitCode ?? 0).toBe(0);
  }, 60_000);

  it('ends with 1 for a service that does not exist, and with 2 when the database is away', async () => {
    await plan(test.url, 'nobody');
    expect([process.exitCode, said[0]]).toEqual([1, expect.stringContaining('There is no service nobody')]);
    process.exitCode = undefined;
    await plan('postgres://nobody@127.0.0.1:1/none', 'quests');
    expect(process.exitCode).toBe(2);
  }, 60_000);
});
