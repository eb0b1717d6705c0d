import type { Queryable } from '@lifeos/postgres';

/** A pattern that was told. */
export interface PatternRow {
  readonly eventId: string;
  readonly patternId: number;
  readonly userId: number;
  readonly type: string;
  readonly series: readonly string[];
  readonly description: string;
  readonly confidence: number;
  /** The last day that was looked at, YYYY-MM-DD. */
  readonly day: string;
  readonly at: Date;
}

/** Those that are there already stay as they are. */
export async function insertPatterns(tx: Queryable, patterns: readonly PatternRow[]): Promise<void> {
  await tx.query(
    `INSERT INTO patterns (event_id, pattern_id, user_id, pattern_type, related_series, description, confidence, day, detected_at)
     SELECT event_id, pattern_id, user_id, pattern_type, ARRAY (SELECT json_array_elements_text(related_series)), description, confidence, day, detected_at
     FROM unnest($1::uuid[], $2::bigint[], $3::bigint[], $4::text[], $5::json[], $6::text[], $7::float8[], $8::date[], $9::timestamptz[])
       AS p (event_id, pattern_id, user_id, pattern_type, related_series, description, confidence, day, detected_at)
     ON CONFLICT (event_id) DO NOTHING`,
    [
      patterns.map(({ eventId }) => eventId),
      patterns.map(({ patternId }) => patternId),
      patterns.map(({ userId }) => userId),
      patterns.map(({ type }) => type),
      patterns.map(({ series }) => JSON.stringify(series)),
      patterns.map(({ description }) => description),
      patterns.map(({ confidence }) => confidence),
      patterns.map(({ day }) => day),
      patterns.map(({ at }) => at),
    ],
  );
}

/** What was told of these people within 7 days of a day, before or after it. */
export async function patternsAround(db: Queryable, userIds: readonly number[], day: string): Promise<Pick<PatternRow, 'userId' | 'type' | 'series'>[]> {
  const { rows } = await db.query<{ user_id: string; type: string; series: string[] }>(
    `SELECT user_id, pattern_type AS type, related_series AS series FROM patterns
     WHERE user_id = ANY ($1::bigint[]) AND day > $2::date - 7 AND day < $2::date + 7`,
    [userIds, day],
  );
  return rows.map(({ user_id, ...row }) => ({ userId: Number(user_id), ...row }));
}

/** An insight that was told. */
export interface InsightRow {
  readonly eventId: string;
  readonly insightId: number;
  readonly userId: number;
  readonly type: string;
  readonly content: string;
  readonly confidence: number;
  readonly entries: readonly number[];
  readonly series: readonly string[];
  readonly at: Date;
}

/** Those that are there already stay as they are. */
export async function insertInsights(tx: Queryable, insights: readonly InsightRow[]): Promise<void> {
  await tx.query(
    `INSERT INTO insights (event_id, insight_id, user_id, insight_type, content, confidence, source_entries, related_series, generated_at)
     SELECT event_id, insight_id, user_id, insight_type, content, confidence,
       ARRAY (SELECT json_array_elements_text(source_entries)::bigint), ARRAY (SELECT json_array_elements_text(related_series)), generated_at
     FROM unnest($1::uuid[], $2::bigint[], $3::bigint[], $4::text[], $5::text[], $6::float8[], $7::json[], $8::json[], $9::timestamptz[])
       AS i (event_id, insight_id, user_id, insight_type, content, confidence, source_entries, related_series, generated_at)
     ON CONFLICT (event_id) DO NOTHING`,
    [
      insights.map(({ eventId }) => eventId),
      insights.map(({ insightId }) => insightId),
      insights.map(({ userId }) => userId),
      insights.map(({ type }) => type),
      insights.map(({ content }) => content),
      insights.map(({ confidence }) => confidence),
      insights.map(({ entries }) => JSON.stringify(entries)),
      insights.map(({ series }) => JSON.stringify(series)),
      insights.map(({ at }) => at),
    ],
  );
}

/** As R-18 answers it. */
export interface InsightView {
  readonly insight_id: number;
  readonly insight_type: string;
  readonly content: string;
  readonly confidence_score: number;
  readonly source_entries: readonly number[];
  readonly related_series: readonly string[];
  readonly generated_at: Date;
}

interface Page {
  readonly limit: number;
  readonly offset: number;
}

/** A person's insights, newest first. */
export async function insightsOf(db: Queryable, userId: number, { limit, offset }: Page): Promise<InsightView[]> {
  const { rows } = await db.query<InsightView & { insight_id: string; source_entries: string[] }>(
    `SELECT insight_id, insight_type, content, confidence AS confidence_score, source_entries, related_series, generated_at
     FROM insights WHERE user_id = $1 ORDER BY generated_at DESC, insight_id DESC LIMIT $2 OFFSET $3`,
    [userId, limit, offset],
  );
  return rows.map((row) => ({ ...row, insight_id: Number(row.insight_id), source_entries: row.source_entries.map(Number) }));
}

/** As R-18 answers it. */
export interface PatternView {
  readonly pattern_id: number;
  readonly pattern_type: string;
  readonly description: string;
  readonly confidence_score: number;
  readonly related_series: readonly string[];
  readonly detection_timestamp: Date;
}

/** A person's patterns, newest first. */
export async function patternsOf(db: Queryable, userId: number, { limit, offset }: Page): Promise<PatternView[]> {
  const { rows } = await db.query<PatternView & { pattern_id: string }>(
    `SELECT pattern_id, pattern_type, description, confidence AS confidence_score, related_series, detected_at AS detection_timestamp
     FROM patterns WHERE user_id = $1 ORDER BY detected_at DESC, pattern_id DESC LIMIT $2 OFFSET $3`,
    [userId, limit, offset],
  );
  return rows.map((row) => ({ ...row, pattern_id: Number(row.pattern_id) }));
}
