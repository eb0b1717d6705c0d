/** A place in log order: (epoch, transaction id, sequence). Both ids as decimal text, since they pass 2^53. */
export interface LogPosition {
  readonly epoch: number;
  readonly xid: string;
  readonly seq: string;
}

/** Before every event. */
export const logStart: LogPosition = { epoch: -1, xid: '0', seq: '0' };

/** Below zero when `a` comes first. As numbers: as text "1000" would come before "999". */
export function comparePositions(a: LogPosition, b: LogPosition): number {
  return a.epoch - b.epoch || sign(BigInt(a.xid) - BigInt(b.xid)) || sign(BigInt(a.seq) - BigInt(b.seq));
}

function sign(difference: bigint): number {
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}
