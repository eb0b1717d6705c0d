import type { Position, PositionRows, Positions, PositionVerdict } from '../positions.js';

/** Whose batch it is: the service's group's, or that of the group which feeds one new handler its history. */
export type Feed = 'live' | 'catch-up';

/** What one batch does for whom, now that all rows of its partition are locked. */
export interface Share {
  /** Set when the batch can do nothing as yet. */
  readonly verdict: Extract<PositionVerdict, { kind: 'held' | 'finished' }> | null;
  /** Next offsets of the handlers that it feeds. */
  readonly positions: Positions;
  /** It ends here at the latest. */
  readonly until: number;
  /** Before which offset records are history for a handler. */
  readonly replayUntil: ReadonlyMap<string, number>;
  /** Handlers that go live with this batch. */
  readonly joined: readonly string[];
  /** Handlers for which the service's group waits at another offset than was said, because a member that does not know them went on. */
  readonly rejoins: readonly string[];
}

export function shareOfBatch(rows: PositionRows, feed: Feed, { from, next }: { from: number; next: number }): Share {
  return feed === 'live' ? liveShare([...rows], from, next) : catchUpShare([...rows], next);
}

type Row = readonly [id: string, position: Position];
const nobody = { positions: new Map<string, number>(), replayUntil: new Map<string, number>(), joined: [], rejoins: [] };

function catchUpShare(rows: readonly Row[], next: number): Share {
  const [row] = rows;
  if (row === undefined) return { ...nobody, verdict: null, until: next };
  const [handler, { next: offset, joinAt, liveAt }] = row;
  if (liveAt !== null) return { ...nobody, verdict: { kind: 'finished', handler, offset }, until: offset };
  if (joinAt !== null && offset >= joinAt) return { ...nobody, verdict: { kind: 'held', handler, offset }, until: offset };
  return { ...nobody, verdict: null, positions: new Map([[handler, offset]]), until: Math.min(next, joinAt ?? next), replayUntil: new Map([[handler, Infinity]]) };
}

function liveShare(rows: readonly Row[], from: number, next: number): Share {
  const group = nextOfGroup(rows);
  const joined = rows.filter(([, { liveAt, next: offset }]) => liveAt === null && group !== null && offset >= group).map(([id]) => id);
  const joining = rows.filter(([id, { liveAt, joinAt }]) => liveAt === null && joinAt !== null && !joined.includes(id));
  const [heldFor] = joining.filter(([, { joinAt }]) => joinAt !== null && from >= joinAt);
  const rejoins = joining.filter(([, { joinAt }]) => joinAt !== group).map(([id]) => id);
  const fed = rows.filter(([id, { liveAt }]) => liveAt !== null || joined.includes(id));
  const ends = [...joining.map(([, { joinAt }]) => joinAt), ...fed.map(([, { liveAt }]) => liveAt)];
  return {
    verdict: heldFor === undefined ? null : { kind: 'held', handler: heldFor[0], offset: from },
    positions: new Map(fed.map(([id, { next: offset }]) => [id, offset])),
    until: ends.reduce<number>((least, end) => (end !== null && end > from && end < least ? end : least), next),
    replayUntil: new Map(fed.map(([id, { liveAt, next: offset }]) => [id, liveAt ?? offset])),
    joined,
    rejoins,
  };
}

/** How far the service's group has come; null when none of its handlers is live here. */
function nextOfGroup(rows: readonly Row[]): number | null {
  const live = rows.flatMap(([, { liveAt, next }]) => (liveAt === null ? [] : [next]));
  return live.length === 0 ? null : Math.max(...live);
}
