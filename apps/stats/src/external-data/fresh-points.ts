import type { ExternalDataReceived } from '@lifeos/contracts';
import type { EventOf } from '@lifeos/events';
import type { Queryable } from '@lifeos/postgres';
import { type DataPoint, metricOf } from './metrics.js';

export type ExternalData = EventOf<typeof ExternalDataReceived>;

/** What one event brings that was never taken in before. */
export interface FreshData {
  readonly event: ExternalData;
  readonly points: readonly DataPoint[];
}

/** Keeps which points were taken in and leaves out those that were before (S-16), and those that concern no stat. */
export async function freshData(tx: Queryable, events: readonly ExternalData[]): Promise<FreshData[]> {
  const offered = events.flatMap((event) => event.payload.data_points.filter((point) => metricOf(point) !== null).map((point) => ({ event, point })));
  if (offered.length === 0) return [];
  const { rows } = await tx.query<{ user_id: string; integration_id: string; metric: string; recorded_at: Date }>(
    `INSERT INTO external_points (user_id, integration_id, metric, recorded_at)
     SELECT DISTINCT * FROM unnest($1::bigint[], $2::bigint[], $3::text[], $4::timestamptz[])
     ON CONFLICT DO NOTHING RETURNING user_id, integration_id, metric, recorded_at`,
    [
      offered.map(({ event }) => event.payload.user_id),
      offered.map(({ event }) => event.payload.integration_id),
      offered.map(({ point }) => point.metric),
      offered.map(({ point }) => point.recorded_at),
    ],
  );
  const fresh = new Set(rows.map((row) => keyOf(row, row)));
  // A key counts for the first point that has it, also within one event.
  return events
    .map((event) => ({ event, points: event.payload.data_points.filter((point) => fresh.delete(keyOf(event.payload, point))) }))
    .filter(({ points }) => points.length > 0);
}

interface Source {
  readonly user_id: number | string;
  readonly integration_id: number | string;
}

const keyOf = ({ user_id, integration_id }: Source, { metric, recorded_at }: Pick<DataPoint, 'metric' | 'recorded_at'>): string =>
  `${user_id} ${integration_id} ${metric} ${recorded_at.getTime()}`;
