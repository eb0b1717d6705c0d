import { describe, expect, it } from '@jest/globals';
import type { Database } from '@lifeos/postgres';
import { analytics } from '../../../apps/analytics/src/analytics.module.js';
import { integrations } from '../../../apps/integrations/src/integrations.module.js';
import { journal } from '../../../apps/journal/src/journal.module.js';
import { quests } from '../../../apps/quests/src/quests.module.js';
import { skills } from '../../../apps/skills/src/skills.module.js';
import { playTwice } from './proof.js';

/** For a machine that does much else: a part of a minute is usual. */
const patience = 600_000;

const advice = `event_name NOT IN ('PredictionGenerated', 'RecommendationCreated')`;
const reason = 'AN-4, AN-6: a forecast and a recommendation rest on what is known at that moment of other topics; see the promises';

/** What AN-5 and AN-6 promise of advice in any order. */
async function ofAdvice(database: Database): Promise<Record<string, string[]>> {
  const linesOf = async (sql: string): Promise<string[]> => (await database.query<{ line: string }>(`SELECT ${sql}`)).rows.map(({ line }) => line);
  return {
    'people advised': await linesOf('DISTINCT user_id::text AS line FROM recommendations'),
    'the same recommendation within 7 days': await linesOf(
      `r.event_id::text AS line FROM recommendations r JOIN recommendations s ON (s.user_id, s.action) = (r.user_id, r.action) AND s.event_id <> r.event_id
       WHERE abs(extract(epoch FROM s.created_at - r.created_at)) < 7 * 86400`,
    ),
    'forecasts of one series for one cause': await linesOf(
      `min(p.event_id::text) AS line FROM predictions p JOIN event_log e USING (event_id) GROUP BY e.causation_id, p.forecast_data ->> 'series' HAVING count(*) > 1`,
    ),
  };
}

describe('analytics, in whatever order topics come', () => {
  it('AN-2, AN-3, AN-9: counts, keeps series and scores, and tells of shifts once; AN-5, AN-6: advises once', async () => {
    const found = await playTwice({
      service: analytics,
      rows: {
        predictions: ['false', reason],
        recommendations: ['false', reason],
        activity: [advice, reason],
        consent_audit: [advice.replace('event_name', 'event_type'), reason],
      },
      events: { PredictionGenerated: reason, RecommendationCreated: reason },
      promises: ofAdvice,
    });
    expect(found.differences).toEqual([]);
    expect(found.histories).toBeGreaterThanOrEqual(500);
    expect(found.shortest).toBeGreaterThanOrEqual(50);
    expect(found.rows).toMatchObject({ 'the same recommendation within 7 days': 0, 'forecasts of one series for one cause': 0 });
    for (const table of ['activity', 'balances', 'balance_shifts', 'daily_series', 'people advised']) expect(found.rows[table]).toBeGreaterThan(300);
  }, patience);
});

describe('journal, in whatever order topics come', () => {
  it('J-3, J-6, J-7: keeps the same series, gives each insight once and as many prompts a day', async () => {
    const which = 'J-7: which three of a day is open, the number is not';
    const drawn = 'drawn from a sequence as they come';
    const found = await playTwice({
      service: journal,
      commands: ['JournalEntryCreated', 'JournalEntryUpdated', 'JournalEntryDeleted', 'PatternDetected'],
      columns: { 'insights.insight_id': drawn },
      fields: { 'InsightGenerated.insight_id': drawn },
      rows: { prompts: ['false', which] },
      events: { ReflectionPromptSuggested: which },
      promises: async (database) => {
        const { rows } = await database.query<{ line: string }>(`SELECT concat_ws(' ', user_id, day, count(*), array_agg(ordinal ORDER BY ordinal)) AS line FROM prompts GROUP BY user_id, day`);
        const told = await database.query<{ line: string }>(
          `SELECT coalesce(p.prompt_id::text, e.event_id::text) AS line FROM prompts p
           FULL JOIN (SELECT * FROM event_log WHERE type LIKE '%ReflectionPromptSuggested') e ON e.key = p.user_id::text AND e.occurred_at = p.suggested_at
           WHERE e IS NULL OR p IS NULL`,
        );
        return { 'prompts a day': rows.map(({ line }) => line), 'prompts not told': told.rows.map(({ line }) => line) };
      },
    });
    expect(found.differences).toEqual([]);
    expect(found.histories).toBeGreaterThanOrEqual(500);
    expect(found.shortest).toBeGreaterThanOrEqual(50);
    expect(found.rows).toMatchObject({ 'prompts not told': 0 });
    for (const table of ['entries', 'insights', 'series_points', 'prompts a day']) expect(found.rows[table]).toBeGreaterThan(200);
  }, patience);
});

/** Each person has a quest that sources may complete, active or still a draft, and one that waits for it. */
const prepare = (database: Database, people: number) =>
  database.query(
    `WITH ids AS (SELECT setval('quest_ids', 10000000))
     INSERT INTO quests (quest_id, user_id, quest_type, title, difficulty, experience_reward, status, parent_quest_id, created_at)
     SELECT person * 100 + child, person, 'side', 'Run', 'easy', 50, CASE WHEN child = 0 AND person % 4 > 0 THEN 'active' ELSE 'draft' END,
       CASE child WHEN 1 THEN person * 100 END, '2026-08-31'
     FROM ids, generate_series(1, $1::int) AS person, generate_series(0, 1) AS child`,
    [people],
  );

describe('quests, in whatever order topics come', () => {
  it('Q-11, Q-13, Q-16: completes a quest once though two sources say so, unlocks its child once, and drafts each recommendation once', async () => {
    const drawn = 'drawn from a sequence as they come';
    const found = await playTwice({ service: quests, commands: ['QuestCreated', 'HabitCreated'], prepare, columns: { 'quests.quest_id': drawn }, fields: { 'QuestCreated.quest_id': drawn } });
    expect(found.differences).toEqual([]);
    expect(found.histories).toBeGreaterThanOrEqual(500);
    expect(found.shortest).toBeGreaterThanOrEqual(50);
    for (const table of ['quests', 'remembered_completions', 'time_zones', 'raised events']) expect(found.rows[table]).toBeGreaterThan(80);
  }, patience);
});

describe('skills, in whatever order topics come', () => {
  it('K-9: shows each person the three categories, and raises nothing', async () => {
    const found = await playTwice({ service: skills, commands: ['SkillPracticed'] });
    expect(found.differences).toEqual([]);
    expect(found.histories).toBeGreaterThanOrEqual(500);
    expect(found.shortest).toBeGreaterThanOrEqual(50);
    expect(found.rows).toMatchObject({ person_categories: 1_500 });
  }, patience);
});

describe('integrations, in whatever order topics come', () => {
  it('I-6, I-11: keeps each reading once, and watches the same quests', async () => {
    const found = await playTwice({
      service: integrations,
      commands: ['IntegrationConnected', 'IntegrationDisconnected', 'ExternalDataReceived', 'DataSyncCompleted', 'DataSyncFailed', 'AutoCompletionTriggered'],
      environment: { INTEGRATIONS_CREDENTIALS_KEYS: `test:${Buffer.alloc(32, 7).toString('base64')}` },
    });
    expect(found.differences).toEqual([]);
    expect(found.histories).toBeGreaterThanOrEqual(500);
    expect(found.shortest).toBeGreaterThanOrEqual(50);
    for (const table of ['integrations', 'points', 'watched_quests', 'auto_completions']) expect(found.rows[table]).toBeGreaterThan(300);
  }, patience);
});
