import type { Queryable } from '@lifeos/postgres';
import type { Point } from './check-points.js';

/** I-6: stores points that were not there yet, and gives those back; a point is one by integration, metric and time. */
export async function takePoints(tx: Queryable, owner: { integration_id: number; user_id: number }, points: readonly Point[]): Promise<Point[]> {
  if (points.length === 0) return [];
  const { rows } = await tx.query<Point>(
    `INSERT INTO points (integration_id, user_id, metric, recorded_at, value, unit)
     SELECT $1, $2, * FROM unnest($3::text[], $4::timestamptz[], $5::double precision[], $6::text[])
     ON CONFLICT DO NOTHING RETURNING metric, recorded_at, value, unit`,
    [
      owner.integration_id, owner.user_id,
      points.map(({ metric }) => metric), points.map(({ recorded_at }) => recorded_at), points.map(({ value }) => value), points.map(({ unit }) => unit),
    ],
  );
  return rows;
}

/** Points in one statement. */
const aStatement = 20_000;

/** Points that were told of; those that are there already stay as they are. */
export async function keepPoints(tx: Queryable, points: readonly (Point & { readonly user_id: number; readonly integration_id: number })[]): Promise<void> {
  for (let at = 0; at < points.length; at += aStatement) {
    const some = points.slice(at, at + aStatement);
    await tx.query(
      `INSERT INTO points (integration_id, user_id, metric, recorded_at, value, unit)
       SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::text[], $4::timestamptz[], $5::double precision[], $6::text[]) ON CONFLICT DO NOTHING`,
      [
        some.map(({ integration_id }) => integration_id), some.map(({ user_id }) => user_id), some.map(({ metric }) => metric),
        some.map(({ recorded_at }) => recorded_at), some.map(({ value }) => value), some.map(({ unit }) => unit),
      ],
    );
  }
}

/** What was derived for a purpose goes with its consent (V-9). */
export async function dropPointsOf(tx: Queryable, userIds: readonly number[]): Promise<void> {
  await tx.query('DELETE FROM points WHERE user_id = ANY ($1::bigint[])', [userIds]);
}
