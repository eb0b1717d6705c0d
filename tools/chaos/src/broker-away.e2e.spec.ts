import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readBacklog } from '@lifeos/event-log';
import { KafkaRecordPublisher } from '@lifeos/kafka';
import { openProxiedKafka, type ProxiedKafka } from './testing/proxied-kafka.js';
import { openQuestLog, type QuestLog, questsByUser, until } from './testing/quest-log.js';

let kafka: ProxiedKafka;
let topic: string;
let log: QuestLog;
const users = 5;
let quests = 0;

beforeAll(async () => {
  kafka = await openProxiedKafka();
  topic = await kafka.newTopic(3);
  log = await openQuestLog(new KafkaRecordPublisher(kafka.proxied, { requestTimeout: 1_000, deadlineMs: 3_000 }), topic);
  log.relay.start();
});
afterAll(async () => {
  await log.end();
  await kafka.proxy.close();
});

async function command(): Promise<void> {
  quests += 1;
  await Promise.all(Array.from({ length: users }, (_, user) => log.complete(user + 1, quests)));
}

const pending = async (): Promise<number> => (await readBacklog(log.database)).pending;

async function expectAllInOrder(): Promise<void> {
  await until(async () => (await pending()) === 0, 'the relay has caught up');
  const read = questsByUser(await kafka.read(topic));
  expect(read.size).toBe(users);
  for (const ofUser of read.values()) expect(ofUser).toEqual(Array.from({ length: quests }, (_, n) => n + 1));
}

describe('a broker that is away', () => {
  it('P-19: stopped: commands succeed, the log grows, the relay catches up in order', async () => {
    for (let n = 0; n < 5; n += 1) await command();
    await until(async () => (await pending()) === 0, 'the broker has all');
    await kafka.proxy.disable();
    for (let n = 0; n < 40; n += 1) await command();
    expect(await pending()).toBe(40 * users);
    await until(() => log.relay.status().phase === 'waiting-for-broker', 'the relay has noticed');
    await kafka.proxy.enable();
    await expectAllInOrder();
  });

  it('P-19: a black hole: connections stay open and nothing comes; commands succeed, the relay catches up', async () => {
    const heal = kafka.proxy.add({ type: 'timeout', timeout: 0 });
    for (let n = 0; n < 20; n += 1) await command();
    expect(await pending()).toBe(20 * users);
    await until(() => log.relay.status().phase === 'waiting-for-broker', 'the relay has noticed');
    heal();
    await expectAllInOrder();
  });

  it('P-19: connections that break again and again lose nothing', async () => {
    for (let n = 0; n < 10; n += 1) {
      const heal = kafka.proxy.add({ type: 'reset_peer', timeout: 5 });
      await command();
      heal();
    }
    await expectAllInOrder();
  });
});
