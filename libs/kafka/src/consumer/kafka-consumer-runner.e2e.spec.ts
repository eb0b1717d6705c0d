import { afterAll, afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { IncomingRecord } from '@lifeos/events';
import { createTopics } from '../admin/create-topics.js';
import { groupLag } from '../admin/offsets.js';
import { withAdmin } from '../admin/with-admin.js';
import { kafkaClient } from '../client/kafka-client.js';
import { KafkaRecordPublisher } from '../publisher/kafka-record-publisher.js';
import { randomName, testKafka } from '../testing/e2e-kafka.js';
import { FaultySockets } from '../testing/faulty-sockets.js';
import { ScriptedProcessor, until } from '../testing/scripted-processor.js';
import type { ConsumerOptions, ConsumerSettings } from './consumer-config.js';
import { KafkaConsumerRunner } from './kafka-consumer-runner.js';

const config = testKafka();
const publisher = new KafkaRecordPublisher(config);
const topics: string[] = [];
const quick: Partial<ConsumerSettings> = { sessionTimeout: 6_000, rebalanceTimeout: 6_000, heartbeatInterval: 300, commitIntervalMs: 200, watchIntervalMs: 500 };

let topic: string;
let groupId: string;
let runners: KafkaConsumerRunner[];

async function newTopic(partitions: number): Promise<string> {
  const name = randomName('consumer');
  await createTopics(config, [{ topic: name, partitions }]);
  topics.push(name);
  return name;
}

function consume(processor: ScriptedProcessor, options: Partial<ConsumerOptions> = {}): KafkaConsumerRunner {
  const runner = new KafkaConsumerRunner({ kafka: config, groupId, topics: [topic], processor, ...options, settings: { ...quick, ...options.settings } });
  runners.push(runner);
  return runner;
}

/** Numbers from `from` on, spread over 20 keys. */
async function publish(count: number, from = 0, to = topic): Promise<void> {
  const numbers = Array.from({ length: count }, (_, n) => from + n);
  await publisher.publish(numbers.map((n) => ({ topic: to, key: `key-${n % 20}`, value: Buffer.from(String(n)), headers: {} })));
}

function expectOnceAndInOrder(records: readonly IncomingRecord[], count: number): void {
  const numbers = records.map(({ value }) => Number(value));
  expect([...numbers].sort((a, b) => a - b)).toEqual(Array.from({ length: count }, (_, n) => n));
  for (let key = 0; key < 20; key += 1) {
    const ofKey = numbers.filter((n) => n % 20 === key);
    expect(ofKey).toEqual([...ofKey].sort((a, b) => a - b));
  }
}

beforeEach(async () => {
  topic = await newTopic(6);
  groupId = randomName('group');
  runners = [];
});
afterEach(() => Promise.all(runners.map((runner) => runner.stop())));
afterAll(async () => {
  await publisher.close();
  await withAdmin(config, (admin) => admin.deleteTopics({ topics }));
});

describe('KafkaConsumerRunner', () => {
  it('hands every record to the processor, from the beginning and as they come', async () => {
    const processor = new ScriptedProcessor();
    await publish(1_000);
    const runner = consume(processor);
    await runner.start();
    await until(() => processor.handled.length >= 1_000, 'the records that were there');
    await publish(1_000, 1_000);
    await until(() => processor.handled.length >= 2_000, 'the records that came');
    expectOnceAndInOrder(processor.handled, 2_000);
    expect(Math.max(...processor.batches.map(({ records }) => records.length))).toBeLessThanOrEqual(500);
    expect(runner.state()).toMatchObject({ status: 'running' });
  });

  it('commits what is done, and only that, so that tools see the lag', async () => {
    const processor = new ScriptedProcessor(({ partition }) => (partition === 0 ? { kind: 'pause', reason: 'database is away', retryAfterMs: 60_000 } : null));
    await publish(600);
    const runner = consume(processor);
    await runner.start();
    const lagOf = (partition: number) => runner.state().partitions.find((state) => state.partition === partition)?.lag;
    await until(() => [1, 2, 3, 4, 5].every((partition) => lagOf(partition) === 0), 'five partitions done');
    expect(runner.state().partitions.find(({ partition }) => partition === 0)).toMatchObject({ status: 'paused', reason: 'database is away' });
    await runner.stop();
    const lags = await groupLag(config, groupId, [topic]);
    expect(lags.map(({ lag }) => lag > 0)).toEqual([true, false, false, false, false, false]);
  });

  it('goes on with the other partitions while one waits, and fetches more for them', async () => {
    let release: () => void = () => {};
    const held = new Promise<void>((resolve) => (release = resolve));
    const processor = new ScriptedProcessor(async ({ partition }) => {
      if (partition === 0) await held;
      return null;
    });
    await publish(200);
    await consume(processor).start();
    const others = () => processor.handled.filter(({ partition }) => partition !== 0).length;
    await until(() => others() > 0, 'other partitions');
    const before = others();
    await publish(200, 200);
    await until(() => others() > before, 'records that came while partition 0 was in work');
    expect(processor.handled.filter(({ partition }) => partition === 0)).toEqual([]);
    release();
    await until(() => processor.handled.length === 400, 'all records');
    expectOnceAndInOrder(processor.handled, 400);
  });

  it('tries the same records again after a pause', async () => {
    let pauses = 0;
    const processor = new ScriptedProcessor(() => (pauses++ < 3 ? { kind: 'pause', reason: 'registry is away', retryAfterMs: 20 } : null));
    await publish(40);
    await consume(processor).start();
    await until(() => processor.handled.length === 40, 'all records');
    expectOnceAndInOrder(processor.handled, 40);
  });

  it('reads again from where the processor says', async () => {
    const before = new ScriptedProcessor();
    await publish(60);
    const first = consume(before);
    await first.start();
    await until(() => before.handled.length === 60, 'what the group then has committed');
    await first.stop();
    const rebuilt = new ScriptedProcessor();
    await publish(60, 60);
    await consume(rebuilt).start();
    await until(() => rebuilt.handled.length === 120, 'all records, also those that the group had committed');
    expectOnceAndInOrder(rebuilt.handled, 120);
  });

  it('keeps a partition that needs a person stopped and visible, until it is released', async () => {
    let decided = false;
    const processor = new ScriptedProcessor(({ partition }) => (partition === 2 && !decided ? { kind: 'halt', reason: 'offsets went backwards' } : null));
    await publish(100);
    const runner = consume(processor);
    await runner.start();
    const halted = () => runner.state().partitions.filter(({ status }) => status === 'halted');
    await until(() => halted().length === 1, 'the halt');
    await publish(100, 100);
    await until(() => processor.handled.filter(({ partition }) => partition !== 2).length === processor.handled.length && processor.handled.length > 100, 'the others');
    expect(halted()).toMatchObject([{ partition: 2, reason: 'offsets went backwards' }]);
    decided = true;
    expect(runner.release(topic, 2)).toBe(true);
    await until(() => processor.handled.length === 200, 'all records');
    expectOnceAndInOrder(processor.handled, 200);
  });

  it.each([
    ['a TypeError', new TypeError('x is undefined')],
    ['a RangeError', new RangeError('out of bounds')],
    ['an Error', new Error('anything')],
    ['no error at all', 'text'],
  ])(
    'stays alive when the processor throws %s',
    async (_name, thrown) => {
      let failures = 0;
      const processor = new ScriptedProcessor(() => {
        if (failures++ < 1) throw thrown;
        return null;
      });
      await publish(20);
      const runner = consume(processor);
      await runner.start();
      await until(() => processor.handled.length === 20, 'all records');
      expect(runner.state()).toMatchObject({ status: 'running', built: 1 });
    },
  );

  it('begins where the database says, not where the group committed', async () => {
    const processor = new ScriptedProcessor();
    await publish(300);
    for (let partition = 0; partition < 6; partition += 1) processor.positions.set(`${topic}/${partition}`, 5);
    const positions: ConsumerOptions['positions'] = async (partitions) => partitions.map((at) => ({ ...at, offset: 5 }));
    await consume(processor, { positions }).start();
    await until(() => processor.handled.length === 270, 'all but five records of each partition');
    expect(processor.batches.every(({ fetchedOffset }) => fetchedOffset >= 5)).toBe(true);
  });

  it('stops a partition whose stored position lies beyond its end, before anything is read', async () => {
    const processor = new ScriptedProcessor();
    await publish(60);
    const positions: ConsumerOptions['positions'] = async (partitions) => partitions.map((at) => ({ ...at, offset: 1_000 }));
    const runner = consume(processor, { positions });
    await runner.start();
    await until(() => runner.state().partitions.filter(({ status }) => status === 'halted').length === 6, 'six halts');
    expect(runner.state().partitions[0]?.reason).toContain('recreated or cut off');
    expect(processor.batches).toEqual([]);
  });

  it('passes what transactions leave behind without taking it for missing records', async () => {
    const processor = new ScriptedProcessor();
    const runner = consume(processor);
    await runner.start();
    const producer = kafkaClient(config).producer({ transactionalId: randomName('tx'), idempotent: true, maxInFlightRequests: 1 });
    await producer.connect();
    const send = async (value: string, end: 'commit' | 'abort') => {
      const transaction = await producer.transaction();
      await transaction.send({ topic, messages: [{ key: '1', value }] });
      await transaction[end]();
    };
    for (const value of ['a', 'b']) await send(value, 'commit');
    await send('never', 'abort');
    await send('c', 'commit');
    await producer.disconnect();
    await until(() => processor.handled.length === 3, 'the committed records');
    await until(() => runner.state().partitions.every(({ lag }) => lag === 0), 'no lag');
    expect(processor.values()).toEqual(['a', 'b', 'c']);
    const fetches = processor.batches.map(({ fetchedOffset, records }) => [fetchedOffset, (records.at(-1)?.offset ?? 0) + 1]);
    for (const [index, [from]] of fetches.entries()) expect(from).toBe(index === 0 ? 0 : fetches[index - 1]?.[1]);
  });

  it('shares partitions with a second member, and takes them back, without losing or doubling', async () => {
    const shared = new ScriptedProcessor();
    const one = consume(shared);
    await one.start();
    await publish(500);
    await until(() => shared.handled.length >= 500, 'the first records');
    const two = consume(shared);
    await two.start();
    await until(() => two.state().partitions.length === 3 && one.state().partitions.length === 3, 'three partitions each');
    await publish(500, 500);
    await until(() => shared.handled.length >= 1_000, 'records of both members');
    await two.stop();
    await until(() => one.state().partitions.length === 6, 'all partitions again');
    await publish(500, 1_000);
    await until(() => shared.handled.length >= 1_500, 'the last records');
    expectOnceAndInOrder(shared.handled, 1_500);
  });

  it('stops under load with what is in work ended and committed, and another goes on from there', async () => {
    const processor = new ScriptedProcessor(async () => {
      await new Promise((resolve) => setTimeout(resolve, 20));
      return null;
    });
    for (let from = 0; from < 5_000; from += 1_000) await publish(1_000, from);
    const first = consume(processor, { settings: { slice: { records: 50, bytes: 1_000_000 } } });
    await first.start();
    await until(() => processor.handled.length > 300, 'some records');
    await first.stop();
    const stoppedAt = processor.handled.length;
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(processor.handled.length).toBe(stoppedAt);
    expect(stoppedAt).toBeLessThan(5_000);
    const committed = (await groupLag(config, groupId, [topic])).reduce((sum, { committed }) => sum + (committed ?? 0), 0);
    expect(committed).toBe(stoppedAt);
    await consume(processor).start();
    await until(() => processor.handled.length >= 5_000, 'the rest');
    expectOnceAndInOrder(processor.handled, 5_000);
  });

  it('stays a member while a handler takes longer than the session', async () => {
    const signals: AbortSignal[] = [];
    const processor = new ScriptedProcessor(async (_, signal) => {
      if (signals.push(signal) === 1) await new Promise((resolve) => setTimeout(resolve, 5_000));
      return null;
    });
    await publish(20);
    const runner = consume(processor, { settings: { sessionTimeout: 4_000 } });
    await runner.start();
    await until(() => signals.length > 0, 'a handler in work');
    // A broker that has just started may turn the first consumer away.
    const { built } = runner.state();
    await until(() => processor.handled.length === 20, 'all records');
    expect(signals.map(({ aborted }) => aborted)).not.toContain(true);
    expect(runner.state()).toMatchObject({ status: 'running', built });
    expectOnceAndInOrder(processor.handled, 20);
  });

  it('cuts off a slice that does not end in time', async () => {
    let reason: unknown = null;
    const processor = new ScriptedProcessor(
      (_, signal) =>
        new Promise((resolve) => {
          signal.addEventListener('abort', () => {
            reason = signal.reason;
            resolve(null);
          });
        }),
    );
    await publish(20);
    const runner = consume(processor, { settings: { drainMs: 200 } });
    await runner.start();
    await until(() => processor.batches.length > 0, 'a slice in work');
    await runner.stop();
    expect(reason).toMatchObject({ message: 'the consumer stops' });
    expect(processor.handled).toEqual([]);
  });

  it('notices connections that went silent long before it is stalled, and goes on over new ones', async () => {
    const sockets = new FaultySockets();
    const processor = new ScriptedProcessor();
    await publish(10);
    const runner = consume(processor, { kafka: { ...config, socketFactory: sockets.factory, requestTimeout: 1_000 } });
    await runner.start();
    await until(() => processor.handled.length === 10, 'the first records');
    expect(sockets.silence()).toBeGreaterThan(0);
    await publish(10, 10);
    await until(() => processor.handled.length === 20, 'the records after the silence');
    expect(runner.state().lastError).toMatch(/^Broker .* left a \w+ request unanswered/);
    expectOnceAndInOrder(processor.handled, 20);
  });

  it('waits for a topic that does not exist yet', async () => {
    const processor = new ScriptedProcessor();
    const late = randomName('consumer-late');
    const runner = consume(processor, { topics: [late] });
    await runner.start();
    await until(() => runner.state().lastError !== null, 'the first failure');
    expect(runner.state().status).toBe('connecting');
    await createTopics(config, [{ topic: late, partitions: 1 }]);
    topics.push(late);
    await publish(10, 0, late);
    await until(() => processor.handled.length === 10, 'the records');
  });

  it('starts while no broker answers, and stops soon', async () => {
    const runner = consume(new ScriptedProcessor(), { kafka: { ...config, brokers: ['127.0.0.1:1'], retry: { retries: 1 } } });
    await runner.start();
    await until(() => runner.state().lastError !== null, 'the first failure');
    expect(runner.state()).toMatchObject({ status: 'connecting', partitions: [] });
    await runner.stop();
    expect(runner.state().status).toBe('stopped');
  });

  it('may be started and stopped in any order and at any moment', async () => {
    const processor = new ScriptedProcessor();
    const runner = consume(processor);
    await Promise.all([runner.start(), runner.stop(), runner.start(), runner.start(), runner.stop(), runner.start()]);
    await publish(20);
    await until(() => processor.handled.length === 20, 'the records');
    await Promise.all([runner.stop(), runner.stop()]);
    expect(runner.state().status).toBe('stopped');
  });
});
