import type { AnyEventType } from '../event-type.js';
import type { UpcastChains } from './upcast-chains.js';
import { eventOf } from './upcaster.js';

/** A version that a handler says it takes, and that this build could never give it. */
export interface VersionGap {
  readonly recordName: string;
  readonly version: string;
  /** What is missing, and what to do. */
  readonly reason: string;
}

export interface DeclaredRange {
  /** `*` takes everything as what it is or as something newer, so it has no gaps. */
  readonly types: readonly AnyEventType[] | '*';
  takes(version: string): boolean;
}

/** The gaps of a declared range among the versions compiled in: `known`, every major of every event. */
export function versionGaps({ types, takes }: DeclaredRange, known: readonly AnyEventType[], chains: UpcastChains): VersionGap[] {
  if (types === '*') return [];
  const events = new Set(types.map(eventOf));
  return known
    .filter((type) => events.has(eventOf(type)) && chains.newestFor(type, types) === null)
    .flatMap((type) => [...type.schemas.keys()].filter(takes).map((version) => ({ recordName: type.recordName, version, reason: reasonFor(type, types) })));
}

function reasonFor(type: AnyEventType, types: readonly AnyEventType[]): string {
  const newest = Math.max(...types.filter((wanted) => eventOf(wanted) === eventOf(type)).map(({ major }) => major));
  return newest > type.major
    ? `no upcaster leads from major ${type.major} to ${newest}; write it, or let the range begin later`
    : `the handler takes major ${newest}; let its range end before ${type.major}.0.0, or let it take the newer type`;
}
