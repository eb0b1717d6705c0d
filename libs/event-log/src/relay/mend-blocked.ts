import type { Leadership } from './leadership.js';
import { positionOf, readBlockedRows } from './log-rows.js';
import type { RecordBuilder } from './record-builder.js';
import { queueOf } from './sender.js';
import type { Sender } from './sender.js';

interface Queue {
  readonly topic: string;
  readonly key: string;
  readonly retry: boolean;
}

/** A queue whose first event has no reason lost its head to a skip, so it goes on without being asked. */
const queues = `
  SELECT topic, key, bool_or(retry_requested) OR (array_agg(reason ORDER BY epoch, xid, seq))[1] IS NULL AS retry
  FROM relay_blocked WHERE skipped_at IS NULL GROUP BY topic, key`;

/** Learns which queues are blocked, and sends those whose retry was requested, each in its order. */
export async function mendBlocked(lead: Leadership, sender: Sender, builder: RecordBuilder): Promise<number> {
  const { rows } = await lead.session.query<Queue>(queues);
  sender.blockedQueues.clear();
  for (const queue of rows) sender.blockedQueues.add(queueOf(queue));
  let sent = 0;
  for (const queue of rows) if (queue.retry) sent += await retryQueue(lead, queue, { sender, builder });
  return sent;
}

async function retryQueue(lead: Leadership, queue: Queue, { sender, builder }: { sender: Sender; builder: RecordBuilder }): Promise<number> {
  let sent = 0;
  for (;;) {
    const rows = await readBlockedRows(lead.session, queue, 200);
    if (rows.length === 0) {
      sender.blockedQueues.delete(queueOf(queue));
      return sent;
    }
    const { ready, missing } = await builder.prepare(rows);
    if (ready === 0) throw missing;
    const batch = rows.slice(0, ready);
    sender.blockedQueues.delete(queueOf(queue));
    const outcome = await sender.send(batch).finally(() => sender.blockedQueues.add(queueOf(queue)));
    sent += outcome.sent;
    const refusal = outcome.blocked.find(({ reason }) => reason !== null) ?? null;
    await lead.finishRetry(queue, batch.slice(0, outcome.sent).map(positionOf), refusal);
    if (refusal !== null) return sent;
  }
}
