import { eventTypeByRecordName } from '@lifeos/contracts';
import { firstPositions, type KnownPosition, type Listener, type PartitionBounds } from '@lifeos/delivery';
import type { ConsumerManifest, HandlerManifest } from '../topology/manifest.js';

/** What a service's database and the broker say before a deployment. */
export interface GroupState {
  readonly positions: readonly KnownPosition[];
  /** Partitions of the topics that the service hears, in order. */
  readonly bounds: readonly PartitionBounds[];
  /** Offset of a partition's first record that is not older than a time. */
  readonly offsetAt: (at: { readonly topic: string; readonly partition: number }, time: Date) => number;
}

export interface PlannedPartition {
  readonly partition: number;
  /** Where it begins, or goes on. */
  readonly start: number;
  readonly end: number;
  readonly backlog: number;
}

/**
 * A handler that has yet to begin in a topic, or to catch up with its group: `joins` begins with the service's
 * group, `catches up` reads its history under a group of its own, `is catching up` does so already.
 */
export interface PlannedStart {
  readonly service: string;
  readonly handler: string;
  readonly topic: string;
  readonly from: string;
  readonly way: 'joins' | 'catches up' | 'is catching up';
  readonly partitions: readonly PlannedPartition[];
  readonly backlog: number;
}

/** The topics whose records a handler hears. */
export function topicsOf({ reads }: HandlerManifest): string[] {
  return [...new Set(Object.keys(reads).flatMap((name) => eventTypeByRecordName(name)?.topic ?? []))].sort();
}

/** What a deployment of the committed manifest starts, by handler and topic. Handlers that go on as before are left out. */
export function planOf({ service, handlers }: ConsumerManifest, state: GroupState): PlannedStart[] {
  const topics = [...new Set(handlers.flatMap(topicsOf))].sort();
  const starts = topics.flatMap((topic) => startsIn(topic, handlers.filter((handler) => topicsOf(handler).includes(topic)), state));
  const groups = new Map<string, Start[]>();
  for (const start of starts) {
    const name = `${start.handler} ${start.topic} ${start.way}`;
    groups.set(name, [...(groups.get(name) ?? []), start]);
  }
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    const { handler, topic, way } = first;
    const from = handlers.find((one) => idOf(one) === handler)?.from ?? '';
    const partitions = group.map(({ planned }) => planned);
    return [{ service, handler, topic, from, way, partitions, backlog: partitions.reduce((sum, { backlog }) => sum + backlog, 0) }];
  });
}

interface Start extends Pick<PlannedStart, 'handler' | 'topic' | 'way'> {
  readonly planned: PlannedPartition;
}

function startsIn(topic: string, handlers: readonly HandlerManifest[], { positions, bounds, offsetAt }: GroupState): Start[] {
  const listeners = handlers.map((handler): Listener => ({ handler: idOf(handler), from: startOf(handler.from) }));
  return bounds.filter((at) => at.topic === topic).flatMap((at) => {
    const fresh = firstPositions(at, listeners, positions, offsetAt).map(({ handler, start, liveAt }) => startAt(at, { handler, start, way: liveAt === null ? 'catches up' : 'joins' }));
    const reading = positions.filter((one) => !one.isLive && one.topic === topic && one.partition === at.partition && listeners.some(({ handler }) => handler === one.handler));
    return [...fresh, ...reading.map(({ handler, next }) => startAt(at, { handler, start: next, way: 'is catching up' }))];
  });
}

function startAt({ topic, partition, high }: PartitionBounds, { handler, start, way }: Pick<Start, 'handler' | 'way'> & { readonly start: number }): Start {
  return { handler, topic, way, planned: { partition, start, end: high, backlog: Math.max(0, high - start) } };
}

/** The name under which positions know it. */
function idOf({ handler, aliases = [] }: HandlerManifest): string {
  return aliases[0] ?? handler;
}

export function startOf(from: string): Listener['from'] {
  return from === 'beginning' || from === 'latest' ? from : { timestamp: new Date(from) };
}
