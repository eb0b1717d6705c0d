import type { JsonValue } from '@lifeos/contracts';
import type { Queryable } from '@lifeos/postgres';

/** An aggregate's state after a version of its stream. */
export interface Snapshot<State extends JsonValue = JsonValue> {
  readonly stream: string;
  /** Names the shape of the state, so that newer code leaves states of an older shape alone. */
  readonly type: string;
  readonly version: number;
  readonly state: State;
  readonly takenAt: Date;
}

/** Keeps the newest; an older one than the stored is ignored. */
export async function saveSnapshot(on: Queryable, snapshot: Omit<Snapshot, 'takenAt'>): Promise<void> {
  await on.query(
    `INSERT INTO event_log_snapshot (stream, type, version, state) VALUES ($1, $2, $3, $4)
     ON CONFLICT (stream, type) DO UPDATE SET version = excluded.version, state = excluded.state, taken_at = now()
     WHERE excluded.version > event_log_snapshot.version`,
    [snapshot.stream, snapshot.type, snapshot.version, JSON.stringify(snapshot.state)],
  );
}

/** Null when none was taken. */
export async function loadSnapshot<State extends JsonValue>(on: Queryable, stream: string, type: string): Promise<Snapshot<State> | null> {
  const { rows } = await on.query<Snapshot<State>>(
    'SELECT stream, type, version, state, taken_at AS "takenAt" FROM event_log_snapshot WHERE stream = $1 AND type = $2',
    [stream, type],
  );
  return rows[0] ?? null;
}
