import { describe, expect, it } from '@jest/globals';
import type { ConsumerState, PartitionState } from '@lifeos/kafka';
import { Liveness } from './liveness.js';

const partition = (more: Partial<PartitionState> = {}): PartitionState => ({
  topic: 'lifeos.quests', partition: 0, status: 'running', reason: null, nextOffset: 10, endOffset: 10, lag: 0, isInWork: false, queued: 0, movedAt: new Date(0), ...more,
});
const behind = (endOffset: number, more: Partial<PartitionState> = {}): PartitionState => partition({ endOffset, lag: endOffset - 10, ...more });
const consumer = (partitions: readonly PartitionState[], status: ConsumerState['status'] = 'running'): ConsumerState => ({ status, since: new Date(0), groupId: 'g', lastError: null, built: 1, partitions });

/** Reports of a service whose consumer is seen so, each some seconds after the one before. */
function reportsOf(...seen: (readonly [afterS: number, state: ConsumerState | null])[]): string[] {
  let [now, state]: [number, ConsumerState | null] = [0, null];
  const liveness = new Liveness(() => state, () => now);
  return seen.map(([afterS, next]) => {
    [now, state] = [now + afterS * 1_000, next];
    return liveness.report().status;
  });
}

describe('R-24: liveness', () => {
  it('ends when a partition has not moved for over a minute while its end moved, and comes back when it moves', () => {
    const seen = reportsOf([0, consumer([partition()])], [1, consumer([behind(12)])], [59, consumer([behind(13)])], [0.001, consumer([behind(13)])], [1, consumer([behind(14, { nextOffset: 11 })])]);
    expect(seen).toEqual(['live', 'live', 'live', 'stuck', 'live']);
  });

  it('names the partition', () => {
    let now = 0;
    let state = consumer([partition()]);
    const liveness = new Liveness(() => state, () => now);
    liveness.report();
    [now, state] = [60_001, consumer([behind(11)])];
    expect(liveness.report()).toEqual({ status: 'stuck', stuck: ['lifeos.quests partition 0'] });
  });

  it('does not end while the end stands still, however much waits', () => {
    expect(reportsOf([0, consumer([behind(500)])], [61, consumer([behind(500)])])).toEqual(['live', 'live']);
  });

  it.each([['paused', { status: 'paused' }], ['halted', { status: 'halted' }], ['finished', { status: 'finished' }], ['with a handler in work', { isInWork: true }]] as const)(
    'does not end for a partition that is %s', (_, more) => {
      expect(reportsOf([0, consumer([partition()])], [50, consumer([behind(12, more)])], [50, consumer([behind(13, more)])])).toEqual(['live', 'live', 'live']);
    },
  );

  it('does not end while the broker is away, for a service that stops, and for one that consumes nothing', () => {
    expect(reportsOf([0, consumer([partition()])], [61, consumer([], 'connecting')], [61, consumer([behind(12)], 'stopping')], [61, null])).toEqual(['live', 'live', 'live', 'live']);
  });

  it('counts on when the consumer is built anew without getting further', () => {
    const anew = consumer([behind(12, { nextOffset: null, lag: null, status: 'positioning' })]);
    expect(reportsOf([0, consumer([partition()])], [30, consumer([], 'connecting')], [20, anew], [20, consumer([behind(13)])])).toEqual(['live', 'live', 'live', 'stuck']);
  });

  it('forgets a partition that another member took', () => {
    expect(reportsOf([0, consumer([partition()])], [50, consumer([])], [50, consumer([behind(12)])])).toEqual(['live', 'live', 'live']);
  });
});
