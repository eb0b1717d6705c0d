import type { Queryable } from '@lifeos/postgres';

export interface LetterStatistics {
  readonly total: number;
  /** Tried letters, each the first of its queue; P-17 limits their number. */
  readonly heads: number;
  readonly followers: number;
  /** (handler, topic, key) whose events wait. */
  readonly parked_keys: number;
  readonly due_now: number;
  readonly exhausted: number;
  /** When the oldest head failed first. */
  readonly oldest: Date | null;
  /** Heads by reason; those whose turn has just come have none yet. */
  readonly by_reason: Readonly<Record<string, number>>;
  /** Heads and followers. */
  readonly by_handler: Readonly<Record<string, number>>;
  readonly by_event: Readonly<Record<string, number>>;
}

interface Row {
  readonly grouping: number;
  readonly name: string | null;
  readonly total: string;
  readonly heads: string;
  readonly keys: string;
  readonly due: string;
  readonly exhausted: string;
  readonly oldest: Date | null;
}

const statement = `SELECT grouping(handler, reason, event_type) AS grouping, coalesce(handler, reason, event_type) AS name,
    count(*) AS total, count(*) FILTER (WHERE NOT is_follower) AS heads,
    count(*) FILTER (WHERE NOT is_follower AND key IS NOT NULL) AS keys,
    count(*) FILTER (WHERE next_attempt_at <= $1) AS due, count(*) FILTER (WHERE status = 'exhausted') AS exhausted,
    min(coalesce(first_failed_at, parked_at)) FILTER (WHERE NOT is_follower) AS oldest
  FROM dead_letters GROUP BY GROUPING SETS ((), (handler), (reason), (event_type))`;

const none = { total: '0', heads: '0', keys: '0', due: '0', exhausted: '0', oldest: null };

/** Bits of `grouping`: set for each column that the row is not grouped by. */
const by = { everything: 0b111, handler: 0b011, reason: 0b101, event: 0b110 };

export async function letterStatistics(db: Queryable, now: Date): Promise<LetterStatistics> {
  const { rows } = await db.query<Row>(statement, [now]);
  const all = rows.find(({ grouping }) => grouping === by.everything) ?? none;
  return {
    total: Number(all.total),
    heads: Number(all.heads),
    followers: Number(all.total) - Number(all.heads),
    parked_keys: Number(all.keys),
    due_now: Number(all.due),
    exhausted: Number(all.exhausted),
    oldest: all.oldest,
    by_reason: counts(rows, by.reason, 'not tried yet', ({ heads: count }) => count),
    by_handler: counts(rows, by.handler, '', ({ total: count }) => count),
    by_event: counts(rows, by.event, 'unknown', ({ total: count }) => count),
  };
}

function counts(rows: readonly Row[], grouping: number, unnamed: string, countOf: (row: Row) => string): Record<string, number> {
  const found = rows.filter((row) => row.grouping === grouping && Number(countOf(row)) > 0);
  return Object.fromEntries(found.map((row) => [row.name ?? unnamed, Number(countOf(row))]).sort());
}
