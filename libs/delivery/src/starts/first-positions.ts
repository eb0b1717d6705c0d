import type { HandlerDefinition } from '../handler.js';
import type { PartitionOf } from '../positions.js';

/** What a partition holds: records from `low` up to, not including, `high`. */
export interface PartitionBounds extends PartitionOf {
  readonly low: number;
  readonly high: number;
}

export interface KnownPosition extends PartitionOf {
  readonly handler: string;
  readonly next: number;
  readonly isLive: boolean;
}

/** Where a handler begins in a partition. */
export interface FirstPosition extends PartitionOf {
  readonly handler: string;
  readonly from: HandlerDefinition['from'];
  readonly start: number;
  /** From where on the service's group feeds it and events are news; null: another group must read its history first. */
  readonly liveAt: number | null;
}

/** A handler that hears a topic. */
export interface Listener {
  readonly handler: string;
  readonly from: HandlerDefinition['from'];
}

/** The offset of a partition's first record that is not older than a time; its end when there is none. */
export type OffsetAt = (at: PartitionOf, time: Date) => number;

/**
 * Where handlers begin that have no position in a partition as yet. Where nobody is ahead they begin
 * with the service's group; where it has gone on already, only those do that want nothing it has passed.
 */
export function firstPositions(bounds: PartitionBounds, listeners: readonly Listener[], known: readonly KnownPosition[], offsetAt: OffsetAt): FirstPosition[] {
  const here = known.filter(({ topic, partition }) => topic === bounds.topic && partition === bounds.partition);
  const ids = new Set(listeners.map(({ handler }) => handler));
  const ahead = here.filter(({ handler, isLive }) => isLive && ids.has(handler)).map(({ next }) => next);
  const group = ahead.length === 0 ? null : Math.max(...ahead);
  return listeners
    .filter(({ handler }) => !here.some((position) => position.handler === handler))
    .map(({ handler, from }) => {
      const start = startOf(from, bounds, offsetAt);
      const liveAt = group === null || start >= group ? Math.max(start, bounds.high) : null;
      return { topic: bounds.topic, partition: bounds.partition, handler, from, start, liveAt };
    });
}

function startOf(from: HandlerDefinition['from'], bounds: PartitionBounds, offsetAt: OffsetAt): number {
  if (from === 'beginning') return bounds.low;
  if (from === 'latest') return bounds.high;
  return Math.min(bounds.high, Math.max(bounds.low, offsetAt(bounds, from.timestamp)));
}
