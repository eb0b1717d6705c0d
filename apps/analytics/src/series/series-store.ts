import type { Queryable } from '@lifeos/postgres';

/** One number of a person's series. */
export interface Reading {
  readonly userId: number;
  readonly series: string;
  /** YYYY-MM-DD. */
  readonly day: string;
  readonly value: number;
  readonly at: Date;
}

/** Keeps the newest reading of each day. */
export async function saveReadings(tx: Queryable, readings: readonly Reading[]): Promise<void> {
  if (readings.length === 0) return;
  const newest = new Map<string, Reading>();
  for (const reading of readings) {
    const key = keyOf(reading);
    const known = newest.get(key);
    if (!known || known.at <= reading.at) newest.set(key, reading);
  }
  await tx.query(
    `INSERT INTO daily_series AS known (user_id, series, day, value, at) ${fromReadings}
     ON CONFLICT (user_id, series, day) DO UPDATE SET (value, at) = (excluded.value, excluded.at) WHERE excluded.at >= known.at`,
    columnsOf([...newest.values()]),
  );
}

/** Adds to the sum of each day. */
export function addToSums(tx: Queryable, readings: readonly Reading[]): Promise<void> {
  return add(tx, readings, false);
}

/** Adds to the mean of each day. */
export function addToMeans(tx: Queryable, readings: readonly Reading[]): Promise<void> {
  return add(tx, readings, true);
}

async function add(tx: Queryable, readings: readonly Reading[], isMean: boolean): Promise<void> {
  if (readings.length === 0) return;
  const days = new Map<string, Reading & { readings: number }>();
  for (const reading of readings) {
    const known = days.get(keyOf(reading));
    const { value, at } = known ?? { value: 0, at: reading.at };
    days.set(keyOf(reading), { ...reading, value: value + reading.value, at: at > reading.at ? at : reading.at, readings: (known?.readings ?? 0) + 1 });
  }
  await tx.query(
    `INSERT INTO daily_series AS known (user_id, series, day, value, at, readings)
     SELECT * FROM unnest($1::bigint[], $2::text[], $3::date[], $4::float8[], $5::timestamptz[], $6::int[])
     ON CONFLICT (user_id, series, day) DO UPDATE SET value = known.value + excluded.value, at = greatest(known.at, excluded.at),
       readings = known.readings${isMean ? ' + excluded.readings' : ''}`,
    [...columnsOf([...days.values()]), [...days.values()].map((day) => (isMean ? day.readings : 1))],
  );
}

const fromReadings = 'SELECT * FROM unnest($1::bigint[], $2::text[], $3::date[], $4::float8[], $5::timestamptz[])';

const keyOf = ({ userId, series, day }: Reading): string => `${userId} ${day} ${series}`;

const columnsOf = (readings: readonly Reading[]): unknown[] => [
  readings.map(({ userId }) => userId),
  readings.map(({ series }) => series),
  readings.map(({ day }) => day),
  readings.map(({ value }) => value),
  readings.map(({ at }) => at),
];

/** A day's value of a series. */
export interface DailyPoint {
  /** YYYY-MM-DD. */
  readonly day: string;
  readonly value: number;
}

/** Which part of a series is asked for; both days included. */
export interface SeriesWindow {
  readonly userId: number;
  readonly series: string;
  readonly from: string;
  readonly to: string;
}

/** The points of each window, oldest first, in the order of the windows. */
export async function pointsOf(db: Queryable, windows: readonly SeriesWindow[]): Promise<DailyPoint[][]> {
  const { rows } = await db.query<DailyPoint & { place: string }>(
    `SELECT place, known.day::text, known.value / known.readings AS value
     FROM unnest($1::bigint[], $2::text[], $3::date[], $4::date[]) WITH ORDINALITY AS asked (user_id, series, from_day, to_day, place)
     JOIN daily_series known ON known.user_id = asked.user_id AND known.series = asked.series AND known.day BETWEEN from_day AND to_day
     ORDER BY place, known.day`,
    [windows.map(({ userId }) => userId), windows.map(({ series }) => series), windows.map(({ from }) => from), windows.map(({ to }) => to)],
  );
  const points: DailyPoint[][] = windows.map(() => []);
  for (const { place, day, value } of rows) points[Number(place) - 1]?.push({ day, value });
  return points;
}
