import type { AnyEventType, EventType } from '@lifeos/contracts';

/** The next chance, from 0 up to, not including, 1. */
export type Draw = () => number;

/** Something that happened to a person: what, and when in ms since the person's first day. */
export interface Happening {
  readonly at: number;
  readonly type: AnyEventType;
  /** The payload but for the person. */
  readonly fields: object;
}

export const firstDay = Date.parse('2026-09-01T00:00:00Z');
export const hour = 3_600_000;
export const day = 24 * hour;
/** How long a history goes on. */
export const length = 36 * day;

export const whole = (draw: Draw, min: number, max: number): number => min + Math.floor(draw() * (max - min + 1));
export const oneOf = <const T>(draw: Draw, ...values: T[]): T => values[Math.floor(draw() * values.length)] as T;
export const dateOf = (at: number): Date => new Date(firstDay + at);
export const dayOf = (at: number): string => dateOf(at).toISOString().slice(0, 10);

/** `count` moments in their order. */
export function moments(draw: Draw, count: number, { from = 0, to = length }: { from?: number; to?: number } = {}): number[] {
  return Array.from({ length: count }, () => whole(draw, from, to)).sort((a, b) => a - b);
}

/** A happening with the payload checked by its type. */
export function told<P extends object, I extends { readonly user_id: number }>(at: number, type: EventType<P, I>, fields: Omit<I, 'user_id'>): Happening {
  return { at, type: type as unknown as AnyEventType, fields };
}

/** Several lives of one topic as its one stream. */
export function inTime(...lives: readonly (readonly Happening[])[]): Happening[] {
  return lives.flat().sort((a, b) => a.at - b.at);
}

export function grouped<K, T>(items: readonly T[], keyOf: (item: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group) group.push(item);
    else groups.set(keyOf(item), [item]);
  }
  return groups;
}
