import type { Database } from '@lifeos/postgres';

/** Beyond every offset: letters of the topic that is gone sort before those of the new one, in their own order. */
const olderThanAll = 2n ** 53n;

/**
 * The explicit choice after a halt "the topic was recreated": its records are read from their start, and
 * every event that was handled before stays handled, at whatever offset it now comes. Run it while the
 * service does not consume that topic. A topic is better restored than accepted anew: events that the
 * inbox has forgotten (older than 30 days) are handled again, and a handler that is new within the next
 * 30 days does not get those that the inbox still knows.
 */
export async function acceptRecreatedTopic(database: Database, topic: string): Promise<void> {
  await database.transaction({ keys: [] }, async (tx) => {
    await tx.query('UPDATE consumer_positions SET next_offset = 0, start_offset = 0, join_at = NULL, live_at = least(live_at, 0) WHERE topic = $1', [topic]);
    await tx.query('UPDATE inbox SET record_offset = -1 WHERE topic = $1', [topic]);
    await tx.query('UPDATE dead_letters SET record_offset = record_offset - $2 WHERE topic = $1 AND record_offset >= 0', [topic, olderThanAll.toString()]);
  });
}
