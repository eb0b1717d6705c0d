import { describe, expect, it } from '@jest/globals';
import type { HandlerManifest } from '../topology/manifest.js';
import { planTable } from './command.js';
import { planOf, type GroupState } from './plan.js';

const topic = 'lifeos.quests.events';
const handler = (name: string, from: string, more: Partial<HandlerManifest> = {}): HandlerManifest => ({ handler: name, range: '^1.0.0', from, reads: { 'lifeos.quests.v1.QuestCompleted': '1.0.0' }, ...more });
const at = (name: string, partition: number, next: number, isLive = true) => ({ handler: name, topic, partition, next, isLive });
const state: GroupState = {
  positions: [at('old', 0, 90), at('old', 1, 40), at('slow', 0, 30, false), at('slow', 1, 40), at('first-name', 0, 90), at('first-name', 1, 40)],
  bounds: [{ topic, partition: 0, low: 0, high: 100 }, { topic, partition: 1, low: 10, high: 40 }],
  offsetAt: ({ partition }) => (partition === 0 ? 95 : 20),
};
const planned = (...handlers: HandlerManifest[]) =>
  planOf({ service: 'stats', group: 'stats', handlers: [handler('old', 'beginning'), ...handlers] }, state)
    .map(({ handler: name, way, partitions, backlog }) => [name, way, partitions.map(({ partition, start }) => `${partition}@${start}`).join(' '), backlog]);

describe('what a deployment starts', () => {
  it('is nothing when every handler has its position, also under its first name', () => {
    expect(planned(handler('new-name', 'beginning', { aliases: ['first-name'] }))).toEqual([]);
    expect(planTable([])).toBe('Every handler goes on where it is.');
  });

  it('are handlers that are new, with their history apart from the group where it has gone on', () => {
    expect(planned(handler('new', 'beginning'))).toEqual([['new', 'catches up', '0@0 1@10', 130]]);
    expect(planned(handler('new', 'latest'))).toEqual([['new', 'joins', '0@100 1@40', 0]]);
    expect(planned(handler('new', '2026-11-01T00:00:00.000Z'))).toEqual([['new', 'joins', '0@95', 5], ['new', 'catches up', '1@20', 20]]);
  });

  it('are those that are still catching up', () => {
    expect(planned(handler('slow', 'beginning'))).toEqual([['slow', 'is catching up', '0@30', 70]]);
  });

  it('is told as a table', () => {
    const [header, row] = planTable(planOf({ service: 'stats', group: 'stats', handlers: [handler('old', 'beginning'), handler('new', 'beginning')] }, state)).split('\n');
    expect(header?.includes('handler  topic                 from       way         partitions  start    backlog')).toBe(true);
    expect(row).toBe('stats    new      lifeos.quests.events  beginning  catches up  2           0 to 10  130');
  });
});
