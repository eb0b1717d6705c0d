import { sqlState } from '@lifeos/postgres';
import type { Queryable } from '@lifeos/postgres';

const undefinedFunction = '42883';

/**
 * Raises the log's epoch when it comes from another cluster. Belongs on each new connection
 * (`onConnect` of the database): transaction ids start over after a restore, and an event appended
 * under an old epoch would land behind the relay's checkpoint. Cheap when nothing changed. Without it
 * the first append on a new server fails once with `ServerNotAdopted`.
 */
export async function adoptServer(connection: Queryable): Promise<void> {
  const { rows } = await connection.query<{ standby: boolean }>('SELECT pg_is_in_recovery() AS standby');
  if (rows[0]?.standby) return;
  try {
    await connection.query('SELECT event_log_adopt_server()');
  } catch (error) {
    // Before the first migration there is no log to adopt.
    if (sqlState(error) !== undefinedFunction) throw error;
  }
}
