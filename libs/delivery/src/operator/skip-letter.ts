import type { Database } from '@lifeos/postgres';
import { deleteLetters, promoteNext } from '../retries/retry-queues.js';
import { writeAudit, type By } from './audit.js';
import { LetterNotFound } from './errors.js';
import { lockKeysOf, readLetterById } from './read-letters.js';

/**
 * Gives one letter up for its handler; the queue goes on behind it. Who did it and why stays on record,
 * and the event itself in its topic.
 * @throws LetterNotFound
 */
export async function skipLetter(database: Database, id: string, { by, now }: { by: By & { reason: string }; now: Date }): Promise<void> {
  const seen = await readLetterById(database, id);
  if (seen === null) throw new LetterNotFound(id);
  await database.transaction({ keys: lockKeysOf([seen]) }, async (tx) => {
    const row = await readLetterById(tx, id);
    if (row === null) throw new LetterNotFound(id);
    await deleteLetters(tx, [id]);
    const { handler, topic, key, partition, record_offset: offset, event_id, event_type, error_code, error_message } = row;
    if (!row.is_follower && key !== null) await promoteNext(tx, { handler, topic }, { keys: [key], now, claimedUntil: null });
    const detail = { handler, topic, key, partition, offset, event_id, event_type, error_code, error_message };
    await writeAudit(tx, { action: 'skip', by, filter: { id }, letters: 1, detail });
  });
}
