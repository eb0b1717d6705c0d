import { describe, expect, it } from '@jest/globals';
import { silentLogger } from '../logger.js';
import { until } from '../testing/scripted-processor.js';
import { KafkaConsumerRunner, type Session } from './kafka-consumer-runner.js';

/** A session that a test ends. */
class FakeSession implements Session {
  readonly states = [];
  isJoined = false;
  closed: number[] = [];
  crash: (error: Error) => void = () => {};
  readonly ended = new Promise<Error>((resolve) => (this.crash = resolve));

  constructor(private readonly opening: () => Promise<void> = async () => {}) {}

  async open(): Promise<void> {
    await this.opening();
    this.isJoined = true;
  }

  async close(drainMs: number): Promise<void> {
    this.closed.push(drainMs);
    this.crash(new Error('the consumer was stopped'));
  }

  release(topic: string): boolean {
    return topic === 'halted';
  }
}

function runnerOf(...sessions: FakeSession[]) {
  const built: FakeSession[] = [];
  const options = { kafka: { brokers: [], clientId: 'test' }, groupId: 'g', topics: ['t'], processor: { process: () => Promise.reject(new Error('unused')) } };
  const settings = { reconnectMs: 1, reconnectMaxMs: 2, drainMs: 50 };
  const runner = new KafkaConsumerRunner({ ...options, settings, logger: silentLogger }, () => {
    const session = sessions[built.length] ?? new FakeSession();
    built.push(session);
    return session;
  });
  return { runner, built };
}

describe('KafkaConsumerRunner', () => {
  it('builds another consumer after a crash, and closes the one that crashed', async () => {
    const { runner, built } = runnerOf();
    await runner.start();
    await until(() => runner.state().status === 'running', 'the start');
    built[0]?.crash(new Error('broker gone'));
    await until(() => built.length === 2 && runner.state().status === 'running', 'the second consumer');
    expect(built[0]?.closed).toEqual([0]);
    expect(runner.state()).toMatchObject({ built: 2, lastError: 'broker gone' });
    await runner.stop();
  });

  it('tries again when a consumer cannot be opened, also when opening hangs until it crashes', async () => {
    const hanging = new FakeSession(() => new Promise(() => {}));
    const { runner, built } = runnerOf(new FakeSession(() => Promise.reject(new TypeError('no such topic'))), hanging);
    await runner.start();
    await until(() => built.length === 2, 'the second consumer');
    expect(runner.state()).toMatchObject({ status: 'connecting', lastError: 'no such topic' });
    hanging.crash(new Error('crashed while it opened'));
    await until(() => runner.state().status === 'running', 'the third consumer');
    await runner.stop();
  });

  it('builds nothing more once it is stopped, and drains the consumer that runs', async () => {
    const { runner, built } = runnerOf();
    await runner.start();
    await until(() => runner.state().status === 'running', 'the start');
    await runner.stop();
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(built).toHaveLength(1);
    expect(built[0]?.closed).toEqual([50]);
    expect(runner.state().status).toBe('stopped');
  });

  it('stops while it waits to connect again', async () => {
    const { runner, built } = runnerOf(new FakeSession(() => Promise.reject(new Error('away'))));
    await runner.start();
    await until(() => built[0]?.closed.length === 1, 'the first failure');
    await runner.stop();
    const before = built.length;
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(built).toHaveLength(before);
  });

  it('runs start and stop one after the other', async () => {
    const { runner, built } = runnerOf();
    await Promise.all([runner.start(), runner.start(), runner.stop(), runner.start()]);
    await until(() => runner.state().status === 'running', 'the last start');
    expect(built).toHaveLength(2);
    expect(built[0]?.closed).toEqual([50]);
    await runner.stop();
  });

  it('passes a person\'s decision on', async () => {
    const { runner } = runnerOf();
    expect(runner.release('halted', 0)).toBe(false);
    await runner.start();
    await until(() => runner.state().status === 'running', 'the start');
    expect(runner.release('halted', 0)).toBe(true);
    expect(runner.release('other', 0)).toBe(false);
    await runner.stop();
  });
});
