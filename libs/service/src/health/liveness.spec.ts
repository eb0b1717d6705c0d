import { describe, expect, it } from '@jest/globals';
import type { ConsumerState, PartitionLag, PartitionState } from '@lifeos/kafka';
import { Liveness } from './liveness.js';

const partition = (more: Partial<PartitionState> = {}): PartitionState => ({
  topic: 'lifeos.quests', partition: 0, status: 'running', reason: null, nextOffset: 10, endOffset: 10, lag: 0, isInWork: false, queued: 0, movedAt: new Date(0), ...more,
});
const behind = (endOffset: number, more: Partial<PartitionState> = {}): PartitionState => partition({ endOffset, lag: endOffset - 10, ...more });
const consumer = (partitions: readonly PartitionState[], status: ConsumerState['status'] = 'running'): ConsumerState => ({ status, since: new Date(0), groupId: 'g', lastError: null, built: 1, partitions });
const outside = consumer([], 'connecting');
const searching = consumer([partition({ status: 'positioning', nextOffset: null, endOffset: null, lag: null })]);
const group = (committed: number | null, high: number, at = 0): PartitionLag => ({ topic: 'lifeos.quests', partition: at, low: 0, high, committed, lag: high - (committed ?? 0) });

interface Sight {
  readonly state?: ConsumerState | null;
  /** Null: the broker is away. */
  readonly group?: readonly PartitionLag[] | null;
  readonly isDatabaseAway?: boolean;
}

const answer = <T>(value: T | null): Promise<T> => (value === null ? Promise.reject(new Error('away')) : Promise.resolve(value));

/** A service with a limit of 60 s that is looked at some seconds after the look before. */
class Observed {
  private now = 0;
  private sight: Sight = {};
  private readonly liveness = new Liveness(
    { state: () => this.sight.state ?? null, group: () => answer(this.sight.group ?? null), database: () => answer(this.sight.isDatabaseAway === true ? null : true) },
    60_000,
    () => this.now,
  );

  async after(seconds: number, sight: Sight) {
    this.now += seconds * 1_000;
    this.sight = sight;
    await this.liveness.look();
    return this.liveness.report();
  }
}

async function reportsOf(...seen: (readonly [afterS: number, sight: Sight])[]): Promise<string[]> {
  const service = new Observed();
  const reports: string[] = [];
  for (const [afterS, sight] of seen) reports.push((await service.after(afterS, sight)).status);
  return reports;
}

const member = (...partitions: PartitionState[]): Sight => ({ state: consumer(partitions) });

describe('R-24: liveness', () => {
  it('ends when a partition has not moved for over a minute since its end moved, and comes back when it moves', async () => {
    const seen = await reportsOf([0, member(partition())], [1, member(behind(12))], [60, member(behind(13))], [0.001, member(behind(13))], [1, member(behind(14, { nextOffset: 11 }))]);
    expect(seen).toEqual(['live', 'live', 'live', 'stuck', 'live']);
  });

  it('names the partition', async () => {
    const service = new Observed();
    await service.after(0, member(partition()));
    await service.after(1, member(behind(11)));
    expect(await service.after(61, member(behind(11)))).toEqual({ status: 'stuck', stuck: ['lifeos.quests partition 0'] });
  });

  it('does not end while the end stands still, however much waits', async () => {
    expect(await reportsOf([0, member(behind(500))], [61, member(behind(500))], [61, member(behind(500))])).toEqual(['live', 'live', 'live']);
  });

  it.each([['paused', { status: 'paused' }], ['halted', { status: 'halted' }], ['finished', { status: 'finished' }], ['with a handler in work', { isInWork: true }]] as const)(
    'does not end for a partition that is %s', async (_, more) => {
      expect(await reportsOf([0, member(partition())], [50, member(behind(12, more))], [50, member(behind(13, more))], [50, member(behind(14, more))])).toEqual(['live', 'live', 'live', 'live']);
    },
  );

  it('forgets a partition that another member took, and one that starts over at a lower offset', async () => {
    expect(await reportsOf([0, member(partition())], [1, member(behind(12))], [50, member()], [50, member(behind(12))])).toEqual(['live', 'live', 'live', 'live']);
    expect(await reportsOf([0, member(partition())], [1, member(behind(12))], [50, member(behind(3, { nextOffset: 1, lag: 2 }))], [50, member(behind(4, { nextOffset: 2, lag: 2 }))])).toEqual(['live', 'live', 'live', 'live']);
  });

  it('counts on when the consumer is built anew without getting further', async () => {
    const seen = await reportsOf([0, member(partition())], [1, member(behind(12))], [30, { state: outside, group: [group(9, 12)] }], [20, { state: searching, group: [group(9, 13)] }], [20, member(behind(13))]);
    expect(seen).toEqual(['live', 'live', 'live', 'live', 'stuck']);
  });

  it('does not end for a service that stops, and for one that consumes nothing', async () => {
    expect(await reportsOf([0, member(partition())], [1, member(behind(12))], [61, { state: consumer([behind(12)], 'stopping') }], [61, { state: null }])).toEqual(['live', 'live', 'live', 'live']);
  });
});

describe('R-24: liveness of a consumer that is in no group, or does not find where to begin', () => {
  it.each([['in no group', outside], ['searching', searching]])('%s: ends when the group gets no further for over a minute while an end moves', async (_, state) => {
    const seen = await reportsOf([0, { state, group: [group(4, 10)] }], [5, { state, group: [group(4, 11)] }], [60, { state, group: [group(4, 12)] }], [1, { state, group: [group(4, 12)] }]);
    expect(seen).toEqual(['live', 'live', 'live', 'stuck']);
  });

  it('does not end while no end moves', async () => {
    expect(await reportsOf([0, { state: outside, group: [group(null, 10)] }], [61, { state: outside, group: [group(null, 10)] }])).toEqual(['live', 'live']);
  });

  it('does not end while other members, or the topic that is read first, get further', async () => {
    const at = (committed: number, end: number): Sight => ({ state: searching, group: [group(4, end), group(committed, 900, 1)] });
    expect(await reportsOf([0, at(100, 10)], [50, at(200, 11)], [50, at(300, 12)], [50, at(400, 13)])).toEqual(['live', 'live', 'live', 'live']);
  });

  it('counts no time while the broker is away, and gives a minute when it is back', async () => {
    const away: Sight = { state: outside, group: null };
    const seen = await reportsOf([0, member(partition())], [1, member(behind(12))], [50, away], [300, away], [5, member(behind(13))], [59, member(behind(13))], [2, member(behind(13))]);
    expect(seen).toEqual(['live', 'live', 'live', 'live', 'live', 'live', 'stuck']);
  });

  it('counts no time while the database is away', async () => {
    const at = (end: number): Sight => ({ state: searching, group: [group(4, end)], isDatabaseAway: true });
    expect(await reportsOf([0, at(10)], [50, at(11)], [50, at(12)], [50, at(13)])).toEqual(['live', 'live', 'live', 'live']);
  });
});
