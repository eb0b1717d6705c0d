import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readBacklog } from '@lifeos/event-log';
import { KafkaRecordPublisher } from '@lifeos/kafka';
import kafkajs from 'kafkajs';
import { openProxiedKafka, type ProxiedKafka } from './testing/proxied-kafka.js';
import { openQuestLog, questsByUser, until } from './testing/quest-log.js';

let kafka: ProxiedKafka;

beforeAll(async () => {
  kafka = await openProxiedKafka();
});
afterAll(() => kafka.proxy.close());

/** A command that all of kafkajs's own attempts together cannot bring through. */
const allAttempts = 3;

describe('a produce reply that is lost', () => {
  it('makes an idempotent kafkajs producer with two sends at once lose a record, and say nothing', async () => {
    const topic = await kafka.newTopic(1);
    const { brokers, clientId, socketFactory } = kafka.proxied;
    const raw = new kafkajs.Kafka({ brokers: [...brokers], clientId, ...(socketFactory ? { socketFactory } : {}), logLevel: kafkajs.logLevel.NOTHING, retry: { retries: 5, initialRetryTime: 50 } });
    const producer = raw.producer({ idempotent: true, allowAutoTopicCreation: false });
    await producer.connect();
    const send = (value: string) => producer.send({ topic, acks: -1, messages: [{ key: 'k', value }] });
    await send('before');
    const lost = kafka.replies.loseNextProduceReply();
    await Promise.all([send('a'), send('b'), lost]);
    await producer.disconnect();
    const values = (await kafka.read(topic)).map(({ value }) => String(value));
    // Both sends resolved. Whichever of the two went first is there twice, the other one nowhere.
    expect(values[0]).toBe('before');
    expect([['a', 'a'], ['b', 'b']]).toContainEqual(values.slice(1));
  });

  it('P-19: costs our relay nothing, though its sends have the same size: every event, once for a reader, in order', async () => {
    const topic = await kafka.newTopic(3);
    const log = await openQuestLog(new KafkaRecordPublisher(kafka.proxied), topic);
    const [users, quests] = [4, 30];
    log.relay.start();
    for (let quest = 1; quest <= quests; quest += 1) {
      if (quest % 5 === 0) void kafka.replies.loseNextProduceReply();
      await Promise.all(Array.from({ length: users }, (_, user) => log.complete(user + 1, quest)));
    }
    await until(async () => (await readBacklog(log.database)).pending === 0, 'all is relayed');
    await log.end();
    const read = questsByUser(await kafka.read(topic));
    expect(read.size).toBe(users);
    for (const ofUser of read.values()) expect(ofUser).toEqual(Array.from({ length: quests }, (_, n) => n + 1));
  });

  it('P-19: costs nothing when all attempts of a send lose theirs: the producer is thrown away, the batch sent again', async () => {
    const topic = await kafka.newTopic(1);
    const log = await openQuestLog(new KafkaRecordPublisher(kafka.proxied), topic);
    log.relay.start();
    await log.complete(1, 1);
    await until(() => log.relay.status().published === 1, 'the first event');
    const lost = Array.from({ length: allAttempts }, () => kafka.replies.loseNextProduceReply());
    await log.complete(1, 2);
    await Promise.all(lost);
    for (const quest of [3, 4, 5]) await log.complete(1, quest);
    await until(async () => (await readBacklog(log.database)).pending === 0, 'all is relayed');
    await log.end();
    const records = await kafka.read(topic);
    expect(questsByUser(records).get('1')).toEqual([1, 2, 3, 4, 5]);
    expect(records.length).toBeGreaterThan(5);
  });
});
