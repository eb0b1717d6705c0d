import type { Queryable } from '@lifeos/postgres';

/** A time as every answer has it: ISO 8601 in UTC, milliseconds, `Z`. */
export function isoTime(column: string): string {
  return `to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
}

/** The rows of a statement as one JSON array, so that many read models fit into one statement. */
export function asList(sql: string): string {
  return `(SELECT coalesce(json_agg(listed), '[]') FROM (${sql}) AS listed)`;
}

/** The one row of a statement as a JSON object, null without one. */
export function asObject(sql: string): string {
  return `(SELECT to_json(found) FROM (${sql}) AS found)`;
}

/** What a read model has of one person, `$1` in its statement. Numbers come as numbers. */
export async function listOf<Row>(source: Queryable, sql: string, ...values: readonly unknown[]): Promise<Row[]> {
  const { rows } = await source.query<{ list: Row[] }>(`SELECT ${asList(sql)} AS list`, values);
  return rows[0]?.list ?? [];
}
