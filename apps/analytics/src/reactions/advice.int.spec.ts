import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventOf, grantConsents, openReactionBench, type ReactionBench } from '@lifeos/app-testing';
import { HabitCompleted, InsightGenerated, JournalEntryCreated, LifeStatUpdated, QuestCompleted, QuestCreated, TrendDetected } from '@lifeos/contracts';
import { storedConsents } from '@lifeos/service';
import { predictionsOf } from '../forecast/prediction-store.js';
import { currentRecommendations } from '../recommendation/recommendation-store.js';
import { daysAfter } from '../series/days.js';
import { AdviseWhenInsightGenerated } from './advise-when-insight-generated.js';
import { AdviseWhenTrendDetected } from './advise-when-trend-detected.js';
import { CountHabitWhenHabitCompleted } from './count-habit-when-habit-completed.js';
import { CountQuestWhenQuestCompleted } from './count-quest-when-quest-completed.js';
import { CountQuestWhenQuestCreated } from './count-quest-when-quest-created.js';
import { EvaluateBalanceWhenLifeStatUpdated } from './evaluate-balance-when-life-stat-updated.js';
import { KeepSeriesWhenJournalEntryCreated } from './keep-series-when-journal-entry-created.js';
import { RestorePredictionWhenPredictionGenerated } from './restore-prediction-when-prediction-generated.js';
import { RestoreRecommendationWhenRecommendationCreated } from './restore-recommendation-when-recommendation-created.js';

let bench: ReactionBench;
let person = 0;
beforeAll(async () => {
  bench = await openReactionBench(new URL('../../migrations/', import.meta.url));
});
afterAll(() => bench.close());

const whenInsight = new AdviseWhenInsightGenerated(storedConsents);
const whenTrend = new AdviseWhenTrendDetected(storedConsents);
const whenEntry = new KeepSeriesWhenJournalEntryCreated();
const whenStat = new EvaluateBalanceWhenLifeStatUpdated(storedConsents);

const insight = (user_id: number, when: string, related_series: string[] = []) =>
  eventOf(InsightGenerated, { user_id, insight_id: 1, insight_type: 'pattern', content: 'Rest more.', confidence_score: 0.9, source_entries: [], related_series }, new Date(when));
const entry = (user_id: number, day: string, mood_rating: number | null, word_count = 100) =>
  eventOf(JournalEntryCreated, { user_id, entry_id: 1, entry_type: 'daily', title: 'Today', word_count, mood_rating, tags: [] }, new Date(`${day}T20:00:00Z`));
const stat = (user_id: number, category: 'health' | 'wealth' | 'relationships', progress: number) =>
  eventOf(LifeStatUpdated, {
    user_id, category, subcategory: ({ health: 'physical', wealth: 'work_company', relationships: 'family' } as const)[category],
    previous_value: 0, new_value: progress, unit: '', source: 'manual', target: 100,
  }, new Date('2026-11-01T08:00:00Z'));

const someone = async (...purposes: Parameters<typeof grantConsents>[2]) => {
  const user = ++person;
  await grantConsents(bench.database, user, purposes);
  return user;
};
/** Somebody for whom AN-4 has no case. */
const contentPerson = async () => {
  const user = await someone('ai_insights');
  await bench.handle(whenStat, stat(user, 'health', 80), stat(user, 'wealth', 80), stat(user, 'relationships', 80));
  return user;
};
const moods = (user: number, values: readonly number[]) => values.map((mood, index) => entry(user, daysAfter('2026-11-10', index), mood));
type Raised = Awaited<ReturnType<ReactionBench['handle']>>;
const named = (raised: Raised, name: string) => raised.filter(({ type }) => type.name === name).map(({ payload }) => payload);

describe('AN-6: an insight', () => {
  it('leads to a forecast of each series with 7 daily points, then to a recommendation', async () => {
    const user = await contentPerson();
    await bench.handle(whenEntry, ...moods(user, [1, 2, 3, 4, 5, 6, 7]));
    const raised = await bench.handle(whenInsight, insight(user, '2026-11-16T21:00:00Z', ['mood', 'words', 'data.sleep']));
    expect(raised.map(({ type }) => type.name)).toEqual(['PredictionGenerated', 'PredictionGenerated', 'RecommendationCreated']);
    const [mood, words] = named(raised, 'PredictionGenerated');
    expect(mood).toMatchObject({ prediction_type: 'trend', prediction_horizon_days: 30, confidence_interval: [37, 37], forecast_data: { series: 'mood', trend: 'up' } });
    expect(words).toMatchObject({ forecast_data: { series: 'words', trend: 'flat' }, confidence_interval: [100, 100] });
    expect(named(raised, 'RecommendationCreated')).toMatchObject([
      { recommendation_type: 'habit', priority: 'low', action: expect.stringContaining('around mood'), expiry_timestamp: new Date('2026-11-23T21:00:00Z') },
    ]);
    expect(await predictionsOf(bench.database, user, 50)).toMatchObject([{ prediction_id: expect.any(Number) }, { predicted_at: new Date('2026-11-16T21:00:00Z') }]);
  });

  it('with 6 points, or with the 7th on a later day, leads to no forecast', async () => {
    const user = await contentPerson();
    await bench.handle(whenEntry, ...moods(user, [1, 2, 3, 4, 5, 6, 7]));
    expect(named(await bench.handle(whenInsight, insight(user, '2026-11-15T23:59:59Z', ['mood'])), 'PredictionGenerated')).toEqual([]);
    expect(named(await bench.handle(whenInsight, insight(user, '2026-11-16T00:00:00Z', ['mood'])), 'PredictionGenerated')).toHaveLength(1);
  });

  it('without a series is about the overall balance', async () => {
    const user = await someone('ai_insights', 'analytics');
    const day = (index: number) => ({ ...stat(user, 'health', 60 + index), timestamp: new Date(`${daysAfter('2026-11-01', index)}T08:00:00Z`) });
    await bench.handle(whenStat, ...Array.from({ length: 7 }, (_none, index) => day(index)));
    expect(named(await bench.handle(whenInsight, insight(user, '2026-11-07T21:00:00Z')), 'PredictionGenerated')).toMatchObject([{ prediction_type: 'balance', forecast_data: { trend: 'up' } }]);
  });

  it('V-4: of a person without ai_insights leads to nothing', async () => {
    const user = await someone('analytics');
    expect(await bench.handle(whenInsight, insight(user, '2026-11-16T21:00:00Z'))).toEqual([]);
  });

  it('V-5: leads to what is allowed by name alone', async () => {
    const user = ++person;
    await grantConsents(bench.database, user, [], { RecommendationCreated: true });
    await bench.handle(whenEntry, ...moods(user, [1, 2, 3, 4, 5, 6, 7]));
    expect((await bench.handle(whenInsight, insight(user, '2026-11-16T21:00:00Z', ['mood']))).map(({ type }) => type.name)).toEqual(['RecommendationCreated']);
  });
});

describe('AN-6: a trend', () => {
  it('is carried on as one, and recommends', async () => {
    const user = await contentPerson();
    const trend = eventOf(TrendDetected, { user_id: user, stat_name: 'health.physical', trend_type: 'increasing', confidence_score: 0.9, duration_days: 7 }, new Date('2026-11-08T21:00:00Z'));
    const day = (index: number) => ({ ...stat(user, 'health', 70 + index), timestamp: new Date(`${daysAfter('2026-11-01', index)}T09:00:00Z`) });
    await bench.handle(whenStat, ...Array.from({ length: 8 }, (_none, index) => day(index)));
    const raised = await bench.handle(whenTrend, trend);
    expect(named(raised, 'PredictionGenerated')).toMatchObject([{ prediction_type: 'trend', forecast_data: { series: 'health.physical', trend: 'up' } }]);
    expect(named(raised, 'RecommendationCreated')).toMatchObject([{ recommendation_type: 'habit', action: expect.stringContaining('physical') }]);
    const { rows } = await bench.database.query('SELECT stat_name, trend_type FROM trends WHERE user_id = $1', [user]);
    expect(rows).toEqual([{ stat_name: 'health.physical', trend_type: 'increasing' }]);
  });
});

describe('AN-4, AN-5: a recommendation', () => {
  const typesFor = async (user: number, when: string) =>
    named(await bench.handle(whenInsight, insight(user, when)), 'RecommendationCreated').map((payload) => (payload as { recommendation_type: string }).recommendation_type);

  it('is not made again within 7 days, in one batch or over batches', async () => {
    const user = await contentPerson();
    const both = await bench.handle(whenInsight, insight(user, '2026-11-01T12:00:00Z'), insight(user, '2026-11-02T12:00:00Z'));
    expect(named(both, 'RecommendationCreated')).toHaveLength(1);
    expect(await typesFor(user, '2026-11-08T11:59:59.999Z')).toEqual([]);
    expect(await typesFor(user, '2026-11-08T12:00:00Z')).toEqual(['habit']);
    const shown = (now: string) => currentRecommendations(bench.database, user, { now: new Date(now), limit: 50 });
    expect(await shown('2026-11-15T11:59:59Z')).toHaveLength(1);
    expect(await shown('2026-11-15T12:00:00Z')).toEqual([]);
  });

  it('follows the scores and the productivity of 30 days', async () => {
    const user = await contentPerson();
    const at = new Date('2026-11-05T10:00:00Z');
    const created = (status: 'active' | 'draft') => eventOf(QuestCreated, { user_id: user, quest_id: 1, quest_type: 'side', title: 'Run', difficulty: 'easy', experience_reward: 1, status }, at);
    await bench.handle(new CountQuestWhenQuestCreated(), created('active'), created('active'), created('draft'));
    expect(await typesFor(user, '2026-11-05T12:00:00Z')).toEqual(['productivity']);
    const done = eventOf(QuestCompleted, { user_id: user, quest_id: 1, quest_type: 'side', experience_reward: 1, completion_timestamp: at, auto_completed: false }, at);
    await bench.handle(new CountQuestWhenQuestCompleted(), done, { ...done, eventId: '01999999-0000-7000-8000-000000000001' });
    expect(await typesFor(user, '2026-11-05T13:00:00Z')).toEqual(['habit']);
    await bench.handle(whenStat, stat(user, 'relationships', 59));
    expect(await typesFor(user, '2026-11-05T14:00:00Z')).toEqual(['balance']);
    await bench.handle(whenStat, stat(user, 'health', 59));
    expect(await typesFor(user, '2026-11-05T15:00:00Z')).toEqual(['health']);
  });

  it.each([
    [20, ['productivity']],
    [21, ['habit']],
  ])('%i completions of a daily habit in 30 days: %j', async (completions, types) => {
    const user = await contentPerson();
    const done = Array.from({ length: completions }, (_none, index) =>
      eventOf(HabitCompleted, { user_id: user, habit_id: 1, completion_date: daysAfter('2026-11-30', -index), streak_count: 1, experience_reward: 1, frequency: 'daily' }));
    const tooOld = eventOf(HabitCompleted, { user_id: user, habit_id: 1, completion_date: '2026-10-31', streak_count: 1, experience_reward: 1, frequency: 'daily' });
    await bench.handle(new CountHabitWhenHabitCompleted(), tooOld, ...done);
    expect(await typesFor(user, '2026-11-30T12:00:00Z')).toEqual(types);
  });
});

describe('F-10: a rebuilt service', () => {
  it('adds nothing, although it knows less or more than then, and shows what it showed', async () => {
    const user = await contentPerson();
    await bench.handle(whenEntry, ...moods(user, [1, 2, 3, 4, 5, 6]));
    const causes = [insight(user, '2026-11-16T10:00:00Z', ['mood']), insight(user, '2026-11-17T10:00:00Z', ['mood'])];
    await bench.handle(whenInsight, ...causes);
    await bench.handle(whenEntry, entry(user, '2026-11-16', 7), entry(user, '2026-11-17', 7), entry(user, '2026-11-18', 7));
    const own = await bench.handle(whenInsight, insight(user, '2026-11-18T10:00:00Z', ['mood']));
    const published = await ownOf(user);
    const now = { now: new Date('2026-11-18T12:00:00Z'), limit: 50 };
    const shown = async () => [await predictionsOf(bench.database, user, 50), await currentRecommendations(bench.database, user, now)];
    const before = await shown();
    for (const table of ['predictions', 'recommendations', 'life_stats']) await bench.database.query(`DELETE FROM ${table} WHERE user_id = $1`, [user]);
    await bench.database.query('UPDATE event_log SET epoch = 0 WHERE key = $1', [String(user)]);
    await bench.database.query('DELETE FROM inbox');
    // The stats are not read yet: judged again, health would come out at 0.5.
    expect(named(own, 'PredictionGenerated')).toHaveLength(1);
    await bench.handle(whenInsight, ...causes);
    await bench.handle(new RestorePredictionWhenPredictionGenerated(storedConsents), ...((await eventsOf(user, 'PredictionGenerated')) as never[]));
    await bench.handle(new RestoreRecommendationWhenRecommendationCreated(storedConsents), ...((await eventsOf(user, 'RecommendationCreated')) as never[]));
    expect(await ownOf(user)).toEqual(published);
    expect(await shown()).toEqual(before);
    const later = await bench.handle(whenInsight, insight(user, '2026-11-23T10:00:00Z', ['mood']));
    expect(named(later, 'RecommendationCreated')).toMatchObject([{ recommendation_type: 'health' }]);
  });

  const eventsOf = async (user: number, name?: string) => {
    const events = [];
    for await (const event of bench.eventLog.readAll()) if (event.key === String(user) && (name === undefined || event.type.name === name)) events.push(event);
    return events;
  };
  const ownOf = async (user: number) => (await eventsOf(user)).map(({ eventId }) => eventId).sort();
});
