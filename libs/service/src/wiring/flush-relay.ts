import { setTimeout as sleep } from 'node:timers/promises';
import { readBacklog, type Relay } from '@lifeos/event-log';
import type { Queryable } from '@lifeos/postgres';

const flushMs = 3_000;
const stopMs = 3_000;

/**
 * Publishes what is left, as long as the broker takes it, then gives the lead away. What remains is
 * in the log and goes out at the next start. Resolves with what remains, in words.
 */
export async function flushRelay(relay: Relay, database: Queryable): Promise<string | undefined> {
  const deadline = performance.now() + flushMs;
  relay.wake();
  let { pending } = await readBacklog(database);
  while (pending > 0 && relay.status().phase === 'leading' && performance.now() < deadline) {
    await sleep(20);
    ({ pending } = await readBacklog(database));
  }
  const leads = relay.status().isLeader;
  await relay.stop({ deadlineMs: stopMs });
  return pending > 0 && leads ? `${pending} event(s) wait in the log to be published` : undefined;
}
