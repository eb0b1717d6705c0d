/** Keys by handler whose events must wait, because one before them is parked. */
export type ParkedQueues = ReadonlyMap<string, ReadonlySet<string>>;

/** Nulls: nothing is parked. */
export interface ParkedRow {
  readonly handler: string | null;
  readonly key: string | null;
}

/** One look at an index that holds a row a parked queue; the parameters' places are given. Under the locks of these keys. */
export function parkedQueues(topic: string, keys: string, handlers: string): string {
  return `SELECT handler, key FROM dead_letters WHERE NOT is_follower AND topic = ${topic} AND key = ANY (${keys}) AND handler = ANY (${handlers})`;
}

export function queuesOf(rows: readonly ParkedRow[]): ParkedQueues {
  const parked = new Map<string, Set<string>>();
  for (const { handler, key } of rows) if (handler !== null && key !== null) parked.set(handler, (parked.get(handler) ?? new Set()).add(key));
  return parked;
}
