import type { Queryable } from '@lifeos/postgres';
import type { Measured, Rule } from './auto-completion.js';
import type { Watched } from './watched-quest.js';

/** A quest whose rules a source may meet. */
export interface WatchedQuest {
  readonly quest_id: number;
  readonly active_since: Date;
  readonly rules: readonly Rule[];
}

/** More than a person has open at once; what is beyond it is looked at once these are done. */
const mostQuests = 500;

/**
 * Quests that are awake and were not completed by a rule yet. Rules told before the last connection to
 * their service ended were dropped with it (I-10): they count no more until the quest's rules are told again.
 */
export async function watchedQuests(tx: Queryable, userId: number, source: string): Promise<WatchedQuest[]> {
  const { rows } = await tx.query<{ quest_id: string; active_since: Date; rules: Rule[] }>(
    `SELECT w.quest_id, w.active_since, w.rules FROM watched_quests w
     WHERE w.user_id = $1 AND w.state = 'awake' AND w.active_since IS NOT NULL AND w.rules <> '[]'
       AND EXISTS (SELECT FROM jsonb_array_elements(w.rules) r WHERE lower(r ->> 'source') = $2)
       AND NOT EXISTS (SELECT FROM auto_completions a WHERE a.quest_id = w.quest_id)
       AND NOT EXISTS (
         SELECT FROM integrations gone
         WHERE gone.user_id = w.user_id AND gone.service_name = $2 AND gone.disconnected_at >= w.rules_told_at
           AND NOT EXISTS (
             SELECT FROM integrations other
             WHERE other.user_id = gone.user_id AND other.service_name = gone.service_name AND other.integration_id <> gone.integration_id
               AND other.connected_at <= gone.disconnected_at AND (other.disconnected_at IS NULL OR other.disconnected_at > gone.disconnected_at)
           )
       )
     ORDER BY w.quest_id LIMIT ${mostQuests}`,
    [userId, source],
  );
  return rows.map(({ quest_id, ...row }) => ({ ...row, quest_id: Number(quest_id) }));
}

/** What a service delivered of a metric to a person since a time, whatever integration brought it: one that was connected anew brings the same again. */
export async function measuredSince(tx: Queryable, at: { userId: number; source: string; metric: string; since: Date }): Promise<Measured> {
  const { rows } = await tx.query<{ sum: string | null; points: number }>(
    `SELECT sum(value::numeric)::text AS sum, count(*)::int AS points
     FROM (
       SELECT DISTINCT p.recorded_at, p.value FROM points p JOIN integrations i USING (integration_id)
       WHERE p.user_id = $1 AND i.service_name = $2 AND p.metric = $3 AND p.recorded_at >= $4
     ) once`,
    [at.userId, at.source, at.metric, at.since],
  );
  return { sum: Number(rows[0]?.sum ?? 0), points: rows[0]?.points ?? 0 };
}

export async function rememberCompletions(tx: Queryable, completions: readonly { quest_id: number; user_id: number; at: Date }[]): Promise<void> {
  await tx.query(
    `INSERT INTO auto_completions (quest_id, user_id, triggered_at)
     SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::timestamptz[]) ON CONFLICT DO NOTHING`,
    [completions.map(({ quest_id }) => quest_id), completions.map(({ user_id }) => user_id), completions.map(({ at }) => at)],
  );
}

/** Those of the quests that were heard of before. */
export async function loadWatched(tx: Queryable, questIds: readonly number[]): Promise<Map<number, Watched>> {
  const { rows } = await tx.query<Omit<Watched, 'quest_id' | 'user_id'> & { quest_id: string; user_id: string }>(
    'SELECT quest_id, user_id, state, active_since, rules, rules_told_at FROM watched_quests WHERE quest_id = ANY ($1::bigint[])',
    [questIds],
  );
  return new Map(rows.map((row) => [Number(row.quest_id), { ...row, quest_id: Number(row.quest_id), user_id: Number(row.user_id) }]));
}

export async function saveWatched(tx: Queryable, quests: readonly Watched[]): Promise<void> {
  await tx.query(
    `INSERT INTO watched_quests (quest_id, user_id, state, active_since, rules, rules_told_at)
     SELECT q.quest_id, q.user_id, q.state, q.active_since, q.rules::jsonb, q.told_at
     FROM unnest($1::bigint[], $2::bigint[], $3::text[], $4::timestamptz[], $5::text[], $6::timestamptz[]) AS q(quest_id, user_id, state, active_since, rules, told_at)
     ON CONFLICT (quest_id) DO UPDATE SET state = EXCLUDED.state, active_since = EXCLUDED.active_since, rules = EXCLUDED.rules, rules_told_at = EXCLUDED.rules_told_at`,
    [
      quests.map(({ quest_id }) => quest_id), quests.map(({ user_id }) => user_id), quests.map(({ state }) => state),
      quests.map(({ active_since }) => active_since), quests.map(({ rules }) => JSON.stringify(rules)), quests.map(({ rules_told_at }) => rules_told_at),
    ],
  );
}
