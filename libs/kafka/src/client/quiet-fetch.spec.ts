import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import ConsumerGroup from 'kafkajs/src/consumer/consumerGroup.js';
import { growQuietWaits, quietAfterMs, quietWaitMs, withQuietWaits, type FetchingMember } from './quiet-fetch.js';

type Batches = Awaited<ReturnType<FetchingMember['fetch']>>;

const empty = { rawMessages: [] };
const records = { rawMessages: [{}] };

/** A member whose fetches tell how long they would have waited. */
class Member implements FetchingMember {
  answer: Batches = [empty];
  paused: readonly unknown[] = [];
  waited = 0;
  readonly subscriptionState = { paused: () => this.paused };
  readonly fetch = withQuietWaits(() => {
    this.waited = this.maxWaitTime;
    return Promise.resolve(this.answer);
  });

  constructor(public maxWaitTime = 100) {}

  async waitOf(answer: Batches = [empty]): Promise<number> {
    this.answer = answer;
    await this.fetch('1');
    return this.waited;
  }
}

describe('waits of fetches', () => {
  const original = ConsumerGroup.prototype.fetch;

  beforeEach(() => {
    jest.useFakeTimers({ now: 1_000_000 });
  });
  afterEach(() => {
    ConsumerGroup.prototype.fetch = original;
    jest.useRealTimers();
  });

  async function quietMember(): Promise<Member> {
    const member = new Member();
    await member.waitOf();
    jest.advanceTimersByTime(quietAfterMs);
    expect(await member.waitOf()).toBe(quietWaitMs);
    return member;
  }

  it('are as short as asked for at first, and longer when nothing has come for a while', async () => {
    const member = new Member();
    expect(await member.waitOf()).toBe(100);
    jest.advanceTimersByTime(quietAfterMs - 1);
    expect(await member.waitOf()).toBe(100);
    jest.advanceTimersByTime(1);
    expect(await member.waitOf()).toBe(quietWaitMs);
  });

  it('are short again with the first record, for the whole while', async () => {
    const member = await quietMember();
    await member.waitOf([empty, records]);
    expect(await member.waitOf()).toBe(100);
    jest.advanceTimersByTime(quietAfterMs - 1);
    expect(await member.waitOf()).toBe(100);
  });

  it('stay short as long as a partition is paused, and for the whole while after', async () => {
    const member = await quietMember();
    member.paused = [{ topic: 't', partitions: [1] }];
    expect(await member.waitOf()).toBe(100);
    jest.advanceTimersByTime(10 * quietAfterMs);
    expect(await member.waitOf()).toBe(100);
    member.paused = [];
    expect(await member.waitOf()).toBe(100);
    jest.advanceTimersByTime(quietAfterMs);
    expect(await member.waitOf()).toBe(quietWaitMs);
  });

  it('are left alone where they are longer, and each member has its own', async () => {
    const patient = new Member(5_000);
    await quietMember();
    expect(await patient.waitOf()).toBe(5_000);
    jest.advanceTimersByTime(quietAfterMs);
    expect(await patient.waitOf()).toBe(5_000);
    expect(await new Member().waitOf()).toBe(100);
  });

  it('hand on what came, and no batches of nothing', async () => {
    const member = new Member();
    member.answer = [empty, records, empty];
    expect(await member.fetch('1')).toEqual([records]);
    member.answer = [empty];
    expect(await member.fetch('1')).toEqual([]);
  });

  it('takes the place of the method of this kafkajs', () => {
    expect(growQuietWaits()).toBe(true);
    expect(ConsumerGroup.prototype.fetch).not.toBe(original);
  });
});
