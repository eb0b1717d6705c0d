import { readBacklog, type Relay } from '@lifeos/event-log';
import type { Queryable } from '@lifeos/postgres';
import type { Metrics } from './metrics.js';

/** Asked once for each scrape. When the database is away its gauges are left out rather than shown old. */
export async function readOutbox(metrics: Metrics, relay: Pick<Relay, 'status'>, database: Queryable): Promise<void> {
  const { isLeader, horizonStillMs } = relay.status();
  metrics.relayLeads.set(isLeader ? 1 : 0);
  metrics.horizonStill.set(horizonStillMs / 1000);
  metrics.horizonHolder.reset();
  const backlog = await readBacklog(database).catch(() => null);
  if (!backlog) return [metrics.outboxPending, metrics.outboxAge, metrics.outboxBlocked].forEach((gauge) => gauge.remove());
  metrics.outboxPending.set(backlog.pending);
  metrics.outboxAge.set(backlog.oldestPendingMs / 1000);
  metrics.outboxBlocked.set(backlog.blockedEvents);
  const { horizonHolder: holder } = backlog;
  if (holder) metrics.horizonHolder.set({ database: holder.database, pid: holder.pid ?? 0, application: holder.application }, (holder.openForMs ?? 0) / 1000);
}
