import type { Queryable } from '@lifeos/postgres';
import type { ExternalData } from './fresh-points.js';

/** How many workouts each sync of a batch has brought so far: one sync may come in several events (S-15). */
export class SyncWorkouts {
  private readonly changed = new Map<string, { event: ExternalData; workouts: number }>();

  private constructor(private readonly known: ReadonlyMap<string, number>) {}

  static async of(tx: Queryable, events: readonly ExternalData[]): Promise<SyncWorkouts> {
    const { rows } = await tx.query<{ user_id: string; integration_id: string; sync_timestamp: Date; workouts: number }>(
      `SELECT DISTINCT user_id, integration_id, sync_timestamp, workouts FROM external_syncs
       JOIN unnest($1::bigint[], $2::bigint[], $3::timestamptz[]) AS asked (user_id, integration_id, sync_timestamp)
         USING (user_id, integration_id, sync_timestamp)`,
      columnsOf(events),
    );
    return new SyncWorkouts(new Map(rows.map((row) => [keyOf(row), row.workouts])));
  }

  /** Adds workouts to the event's sync and gives back how many there were before. */
  add(event: ExternalData, more: number): number {
    const key = keyOf(event.payload);
    const before = this.changed.get(key)?.workouts ?? this.known.get(key) ?? 0;
    this.changed.set(key, { event, workouts: before + more });
    return before;
  }

  async save(tx: Queryable): Promise<void> {
    const rows = [...this.changed.values()];
    if (rows.length === 0) return;
    await tx.query(
      `INSERT INTO external_syncs (user_id, integration_id, sync_timestamp, workouts)
       SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::timestamptz[], $4::int[])
       ON CONFLICT (user_id, integration_id, sync_timestamp) DO UPDATE SET workouts = excluded.workouts`,
      [...columnsOf(rows.map(({ event }) => event)), rows.map(({ workouts }) => workouts)],
    );
  }
}

interface SyncId {
  readonly user_id: number | string;
  readonly integration_id: number | string;
  readonly sync_timestamp: Date;
}

const keyOf = ({ user_id, integration_id, sync_timestamp }: SyncId): string => `${user_id} ${integration_id} ${sync_timestamp.getTime()}`;

const columnsOf = (events: readonly ExternalData[]): unknown[] => [
  events.map(({ payload }) => payload.user_id),
  events.map(({ payload }) => payload.integration_id),
  events.map(({ payload }) => payload.sync_timestamp),
];
