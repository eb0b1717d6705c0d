import type { Queryable } from '@lifeos/postgres';
import { activeEvents } from '../read-models/activity.js';
import { daysAfter } from '../series/days.js';
import { type Doings, periodDays } from './engagement.js';

/** A person's period, with its counts. */
export interface PersonalDoings {
  readonly userId: number;
  readonly doings: Doings;
  /** Number of events by name. */
  readonly byKind: Readonly<Record<string, number>>;
  /** Number of events by day, days without any left out. */
  readonly byDay: Readonly<Record<string, number>>;
}

interface DbDoings {
  readonly user_id: string;
  readonly active_days: string[];
  readonly areas: number;
  readonly habits: number;
  readonly by_kind: Record<string, number> | null;
  readonly by_day: Record<string, number> | null;
}

/** What these people did in the 30 days that end with `day`. */
export async function doingsOf(db: Queryable, userIds: readonly number[], day: string): Promise<PersonalDoings[]> {
  const { rows } = await db.query<DbDoings>(
    `WITH period AS (SELECT * FROM activity WHERE user_id = ANY ($1::bigint[]) AND day BETWEEN $2::date AND $3::date)
     SELECT person.user_id,
       ARRAY (SELECT DISTINCT p.day::text FROM period p WHERE p.user_id = person.user_id AND event_name = ANY ($4::text[])) AS active_days,
       (SELECT count(DISTINCT split_part(series, '.', 1))::int FROM daily_series s
         WHERE s.user_id = person.user_id AND s.day BETWEEN $2::date AND $3::date AND split_part(series, '.', 1) IN ('health', 'wealth', 'relationships')) AS areas,
       (SELECT count(DISTINCT habit_id)::int FROM habit_days h WHERE h.user_id = person.user_id AND h.day BETWEEN $2::date AND $3::date) AS habits,
       (SELECT json_object_agg(event_name, events) FROM (SELECT event_name, sum(events) AS events FROM period p WHERE p.user_id = person.user_id GROUP BY 1 ORDER BY 1) k) AS by_kind,
       (SELECT json_object_agg(day, events) FROM (SELECT day::text, sum(events) AS events FROM period p WHERE p.user_id = person.user_id GROUP BY 1 ORDER BY 1) d) AS by_day
     FROM unnest($1::bigint[]) AS person (user_id) ORDER BY person.user_id`,
    [userIds, daysAfter(day, 1 - periodDays), day, [...activeEvents]],
  );
  return rows.map((row) => personal(row, day));
}

function personal({ user_id, active_days, areas, habits, by_kind, by_day }: DbDoings, day: string): PersonalDoings {
  const [last7, before] = [daysAfter(day, -6), daysAfter(day, -13)];
  const byKind = by_kind ?? {};
  return {
    userId: Number(user_id),
    byKind,
    byDay: by_day ?? {},
    doings: {
      days: periodDays,
      activeDays: active_days.length,
      activeInLast7: active_days.filter((active) => active >= last7).length,
      activeIn7Before: active_days.filter((active) => active >= before && active < last7).length,
      activeAreas: areas,
      activeHabits: habits,
      brokenStreaks: byKind['HabitStreakBroken'] ?? 0,
      failedSyncs: byKind['DataSyncFailed'] ?? 0,
    },
  };
}

/** An analysis as it is told and answered. */
export interface EngagementView {
  readonly analysis_period_days: number;
  readonly engagement_score: number;
  readonly activity_patterns: Readonly<Record<string, unknown>>;
  readonly risk_factors: readonly string[];
}

export interface EngagementRow extends EngagementView {
  readonly eventId: string;
  readonly userId: number;
  readonly at: Date;
}

/** What is known already stays as it is. */
export async function saveEngagement(tx: Queryable, rows: readonly EngagementRow[]): Promise<void> {
  if (rows.length === 0) return;
  await tx.query(
    `INSERT INTO engagement (event_id, user_id, analysis_period_days, engagement_score, activity_patterns, risk_factors, analyzed_at)
     SELECT event_id, user_id, days, score, patterns, ARRAY (SELECT jsonb_array_elements_text(risks)), at
     FROM unnest($1::uuid[], $2::bigint[], $3::int[], $4::float8[], $5::jsonb[], $6::jsonb[], $7::timestamptz[]) AS row (event_id, user_id, days, score, patterns, risks, at)
     ON CONFLICT DO NOTHING`,
    [
      rows.map(({ eventId }) => eventId),
      rows.map(({ userId }) => userId),
      rows.map((row) => row.analysis_period_days),
      rows.map((row) => row.engagement_score),
      rows.map((row) => JSON.stringify(row.activity_patterns)),
      rows.map((row) => JSON.stringify(row.risk_factors)),
      rows.map(({ at }) => at),
    ],
  );
}

/** The newest one; null before the first. */
export async function newestEngagement(db: Queryable, userId: number): Promise<(EngagementView & { analyzed_at: Date }) | null> {
  const { rows } = await db.query<EngagementView & { analyzed_at: Date }>(
    `SELECT analysis_period_days, engagement_score, activity_patterns, risk_factors, analyzed_at
     FROM engagement WHERE user_id = $1 ORDER BY analyzed_at DESC, event_id LIMIT 1`,
    [userId],
  );
  return rows[0] ?? null;
}
