import type { Queryable } from '@lifeos/postgres';

/** What waits to be relayed, as the database tells it; the same from every process. */
export interface RelayBacklog {
  /** Events that wait, counted up to 100 000. */
  readonly pending: number;
  /** Age of the oldest of them since it was appended, 0 when none waits. */
  readonly oldestPendingMs: number;
  readonly blockedQueues: number;
  readonly blockedEvents: number;
  /** The oldest transaction of the server, which no relay of any service can pass; null when there is none. */
  readonly horizonHolder: HorizonHolder | null;
}

export interface HorizonHolder {
  readonly database: string;
  /** Null for a prepared transaction, which has no process. */
  readonly pid: number | null;
  readonly application: string;
  readonly openForMs: number | null;
}

const backlog = `
  SELECT s.pending::int AS pending, s.oldest AS "oldestPendingMs",
         b.queues::int AS "blockedQueues", b.events::int AS "blockedEvents"
  FROM relay_checkpoint c,
    LATERAL (
      SELECT count(*) AS pending, coalesce(extract(epoch FROM clock_timestamp() - min(w.appended_at)) * 1000, 0)::float8 AS oldest
      FROM (SELECT l.appended_at FROM event_log l
            WHERE (l.epoch, l.xid, l.seq) > (c.epoch, c.xid, c.seq) AND l.topic IS NOT NULL
            ORDER BY l.epoch, l.xid, l.seq LIMIT 100000) w) s,
    LATERAL (SELECT count(DISTINCT (topic, key)) AS queues, count(*) AS events FROM relay_blocked WHERE skipped_at IS NULL) b
  WHERE c.relay = 'kafka'`;

/** pg_locks shows every role which process holds a transaction id; pg_stat_activity would hide it. */
const holder = `
  SELECT coalesce(a.datname, p.database, '')::text AS database, l.pid, coalesce(a.application_name, 'prepared ' || p.gid, '') AS application,
         (extract(epoch FROM clock_timestamp() - coalesce(a.xact_start, p.prepared)) * 1000)::float8 AS "openForMs"
  FROM pg_locks l
  LEFT JOIN pg_stat_activity a ON a.pid = l.pid
  LEFT JOIN pg_prepared_xacts p ON l.pid IS NULL AND p.transaction = l.transactionid
  WHERE l.locktype = 'transactionid' AND l.granted AND l.mode = 'ExclusiveLock'
    AND l.transactionid = pg_snapshot_xmin(pg_current_snapshot())::xid
  ORDER BY l.pid LIMIT 1`;

export async function readBacklog(on: Queryable): Promise<RelayBacklog> {
  const [waiting, holding] = await Promise.all([
    on.query<Omit<RelayBacklog, 'horizonHolder'>>(backlog),
    on.query<HorizonHolder>(holder),
  ]);
  const counts = waiting.rows[0] ?? { pending: 0, oldestPendingMs: 0, blockedQueues: 0, blockedEvents: 0 };
  return { ...counts, horizonHolder: holding.rows[0] ?? null };
}
