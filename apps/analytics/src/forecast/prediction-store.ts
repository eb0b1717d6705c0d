import type { Queryable } from '@lifeos/postgres';

/** A forecast as it is told and answered. */
export interface PredictionView {
  readonly prediction_id: number;
  readonly prediction_type: string;
  readonly forecast_data: Readonly<Record<string, unknown>>;
  readonly confidence_interval: readonly [number, number];
  readonly prediction_horizon_days: number;
}

export interface PredictionRow extends PredictionView {
  readonly eventId: string;
  readonly userId: number;
  readonly at: Date;
}

/** What is known already stays as it is. */
export async function savePredictions(tx: Queryable, rows: readonly PredictionRow[]): Promise<void> {
  if (rows.length === 0) return;
  await tx.query(
    `INSERT INTO predictions (event_id, user_id, prediction_id, prediction_type, forecast_data, confidence_interval, prediction_horizon_days, predicted_at)
     SELECT event_id, user_id, prediction_id, prediction_type, forecast_data, ARRAY[low, high], horizon, at
     FROM unnest($1::uuid[], $2::bigint[], $3::bigint[], $4::text[], $5::jsonb[], $6::float8[], $7::float8[], $8::int[], $9::timestamptz[])
       AS prediction (event_id, user_id, prediction_id, prediction_type, forecast_data, low, high, horizon, at)
     ON CONFLICT DO NOTHING`,
    [
      rows.map(({ eventId }) => eventId),
      rows.map(({ userId }) => userId),
      rows.map(({ prediction_id }) => prediction_id),
      rows.map(({ prediction_type }) => prediction_type),
      rows.map(({ forecast_data }) => JSON.stringify(forecast_data)),
      rows.map(({ confidence_interval: [low] }) => low),
      rows.map(({ confidence_interval: [, high] }) => high),
      rows.map(({ prediction_horizon_days }) => prediction_horizon_days),
      rows.map(({ at }) => at),
    ],
  );
}

/** The newest first. */
export async function predictionsOf(db: Queryable, userId: number, limit: number): Promise<(PredictionView & { predicted_at: Date })[]> {
  const { rows } = await db.query<PredictionView & { predicted_at: Date; prediction_id: string }>(
    `SELECT prediction_id, prediction_type, forecast_data, confidence_interval, prediction_horizon_days, predicted_at
     FROM predictions WHERE user_id = $1 ORDER BY predicted_at DESC, prediction_id LIMIT $2`,
    [userId, limit],
  );
  return rows.map((row) => ({ ...row, prediction_id: Number(row.prediction_id) }));
}
