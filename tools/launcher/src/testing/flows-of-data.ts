import { expect, it } from '@jest/globals';
import { aDayMs } from './flow-time.js';
import { type Someone, tells, type World } from './world.js';

/** F-3 to F-7: what comes from outside, what is found in it, and whether the person lets it be. */
export function flowsOfData(world: () => World): void {
  it('F-3: synced workouts raise stats, reach milestones, make a trend, an insight, a forecast, a recommendation and notices', async () => {
    // Goals were set a week before: what is synced lies after them.
    await world().moveClock(-9 * aDayMs);
    const someone = await world().register();
    await world().consent(someone, ['external_integrations', 'analytics', 'ai_insights']);
    await enter(someone, { category: 'health', subcategory: 'physical', value: 0, target: 400, unit: 'min' });
    await world().seen(someone, 'LifeStatUpdated');
    await world().moveClock(0);
    const points = Array.from({ length: 8 }, (_, index) => ({ metric: 'workout.minutes', value: 50, unit: 'min', recorded_at: at(8 - index) }));
    const id = await world().connect(someone, 'strava', 'health', { points });
    expect(await sync(someone, id)).toMatchObject({ status: 200, body: { points_taken: 8, success: true } });
    expect(await world().seen(someone, 'ExternalDataReceived')).toMatchObject([{ data_type: 'workout', data_points_count: 8, data_quality_score: 1 }]);
    await world().seen(someone, 'DataSyncCompleted');
    // Eight workouts, at most three points a sync (S-15).
    const core = await world().seen(someone, 'CoreStatUpdated', 2);
    expect(core.map(({ stat_name, new_value }) => [stat_name, new_value]).sort()).toEqual([['endurance', 13], ['strength', 13]]);
    expect((await world().seen(someone, 'LifeStatUpdated', 9)).at(-1)).toMatchObject({ new_value: 400 });
    expect((await world().seen(someone, 'StatMilestoneReached', 4)).map(({ milestone_value }) => milestone_value)).toEqual([25, 50, 75, 100]);
    await world().runJob('stats', 'detect-trends', 1);
    const trends = await world().seen(someone, 'TrendDetected');
    expect(trends[0]).toMatchObject({ stat_name: 'health.physical', trend_type: 'increasing' });
    await world().seenLike(someone, 'InsightGenerated', { insight_type: 'trend' });
    expect(await world().seenLike(someone, 'PredictionGenerated', { prediction_type: 'trend' })).toMatchObject({ forecast_data: { series: 'health.physical', trend: 'up' } });
    await world().seen(someone, 'RecommendationCreated');
    await world().until(notices(someone), ({ notifications }) => tells(notifications, '"insight"', '"recommendation"', '"milestone"'));
  });

  it('F-4: synced tasks meet a quest\'s rule, and the quest completes by itself, as if by hand', async () => {
    await world().moveClock(-2 * aDayMs);
    const someone = await world().register();
    const rule = { source: 'todoist', metric: 'task.completed', operator: '>=', threshold: 5 };
    const body = { user_id: someone.userId, title: 'Five tasks', quest_type: 'weekly', auto_completion_rules: [rule] };
    const { quest_id } = await world().done({ service: 'quests', method: 'POST', path: '/quests', by: someone, body });
    await world().consent(someone, ['external_integrations']);
    await world().moveClock(0);
    const id = await world().connect(someone, 'todoist', 'productivity', { points: [{ metric: 'task.completed', value: 5, unit: 'count', recorded_at: at(1) }] });
    // A sync checks the rules that are known; the quest's may be on its way still.
    const request = { service: 'integrations', method: 'PUT', path: `/integrations/${id}/sync`, by: someone } as const;
    await world().until(request, ({ completed_quest_ids }) => tells(completed_quest_ids, String(quest_id)));
    expect(await world().seen(someone, 'AutoCompletionTriggered')).toMatchObject([{ quest_id, trigger_source: 'todoist' }]);
    expect(await world().seen(someone, 'QuestCompleted')).toMatchObject([{ quest_id, auto_completed: true }]);
    const awarded = await world().seen(someone, 'ExperienceAwarded', 3);
    expect(awarded.map(({ experience_points }) => experience_points).sort()).toEqual([100, 50, 75]);
    await world().until({ service: 'quests', path: `/quests/${someone.userId}?status=completed`, by: someone }, ({ quests }) => tells(quests, 'Five tasks'));
  });

  it('F-5: life stats move the balance, a shift becomes an insight, and its recommendation a draft quest', async () => {
    const someone = await outOfBalance();
    expect(await world().seenLike(someone, 'BalanceScoreCalculated', { wealth_score: 0.9 })).toMatchObject({ health_score: 0.2, relationships_score: 0.5 });
    expect(await world().seen(someone, 'BalanceShiftDetected')).toMatchObject([{ shift_type: 'imbalance', severity: 'moderate' }]);
    expect(await world().seen(someone, 'InsightGenerated')).toMatchObject([{ insight_type: 'balance', confidence_score: 0.75 }]);
    const [advice] = await world().seen(someone, 'RecommendationCreated');
    expect(advice).toMatchObject({ recommendation_type: 'health', priority: 'high' });
    await world().until({ service: 'quests', path: `/quests/${someone.userId}?status=draft`, by: someone }, ({ quests }) => tells(quests, String(advice?.['action'])));
    await world().until(notices(someone), ({ notifications }) => tells(notifications, '"balance_shift"', '"recommendation"'));
  });

  it('F-6: a source that fails five times is left alone, entries by hand still count, and after 300 s a good try closes the circuit', async () => {
    const someone = await world().register();
    await world().consent(someone, ['external_integrations']);
    const id = await world().connect(someone, 'oura', 'health', { fail: 'API_ERROR', fail_times: 5 });
    for (let attempt = 1; attempt <= 5; attempt += 1) expect(await sync(someone, id)).toMatchObject({ status: 503, body: { error: 'sync_failed' } });
    expect(await sync(someone, id)).toMatchObject({ status: 503, body: { error: 'circuit_open' } });
    const failures = await world().seen(someone, 'DataSyncFailed', 6);
    expect(failures.map(({ error_code }) => error_code)).toEqual(['API_ERROR', 'API_ERROR', 'API_ERROR', 'API_ERROR', 'API_ERROR', 'CIRCUIT_OPEN']);
    await world().until(notices(someone), ({ notifications }) => tells(notifications, '"sync_failure"', '"manual_entry":true'));
    await enter(someone, { category: 'health', subcategory: 'other', value: 7.5, unit: 'h' });
    expect(await world().seen(someone, 'LifeStatUpdated')).toMatchObject([{ source: 'manual', new_value: 7.5 }]);
    await world().moveClock(301_000, ['integrations']);
    try {
      expect(await sync(someone, id)).toMatchObject({ status: 200, body: { success: true } });
    } finally {
      await world().moveClock(0, ['integrations']);
    }
    await world().seen(someone, 'DataSyncCompleted');
    const { integrations } = await world().done({ service: 'integrations', method: 'GET', path: `/integrations/${someone.userId}`, by: someone });
    expect(integrations).toMatchObject([{ circuit: 'closed', state: 'connected' }]);
  });

  it('V-8: a change of consent counts in every service, given, withdrawn and given again', async () => {
    const someone = await world().register();
    for (const granted of [true, false, true]) {
      await world().consent(someone, ['analytics', 'ai_insights', 'external_integrations'], granted);
      for (const service of world().services) await world().caughtUp(service, 'lifeos.privacy.consents');
      const body = { user_id: someone.userId, service_name: 'oura', integration_type: 'health', credentials: { token: 'x' } };
      await world().until({ service: 'integrations', method: 'POST', path: '/integrations', by: someone, body }, (_body, status) => status === (granted ? 201 : 403));
    }
    // Consent withdrawn is a connection ended (I-10); the second one is another.
    expect(await world().seen(someone, 'IntegrationConnected', 2)).toHaveLength(2);
  });

  it('F-7: consent withdrawn for AI insights ends them and deletes what was derived; the rest goes on', async () => {
    const someone = await outOfBalance();
    await world().seen(someone, 'RecommendationCreated');
    await world().until({ service: 'dashboard', path: `/dashboard/home/${someone.userId}`, by: someone }, ({ insights, recommendations }) => tells(insights, 'balance') && tells(recommendations, 'health'));
    await world().consent(someone, ['ai_insights'], false);
    const isEmpty = (value: unknown): boolean => Array.isArray(value) && value.length === 0;
    await world().until({ service: 'dashboard', path: `/dashboard/home/${someone.userId}`, by: someone }, ({ insights, recommendations, predictions }) => isEmpty(insights) && isEmpty(recommendations) && isEmpty(predictions));
    await world().until({ service: 'journal', path: `/journal/insights/${someone.userId}`, by: someone }, ({ consented, insights }) => consented === false && isEmpty(insights));
    await world().until({ service: 'analytics', path: `/analytics/predictions/${someone.userId}`, by: someone }, ({ predictions, recommendations }) => isEmpty(predictions) && isEmpty(recommendations));
    const derived = ['InsightGenerated', 'PatternDetected', 'PredictionGenerated', 'RecommendationCreated', 'SkillRecommendationGenerated'];
    const before = derived.map((name) => world().allOf(someone, name).length);
    // The scales tip to the other side: a shift of analytics, which is still allowed, and no word of AI.
    await enter(someone, { category: 'health', subcategory: 'physical', value: 95, target: 100 });
    await world().seen(someone, 'BalanceShiftDetected', 2);
    const { quest_id } = await world().done({ service: 'quests', method: 'POST', path: '/quests', by: someone, body: { user_id: someone.userId, title: 'Go on', quest_type: 'main' } });
    await world().done({ service: 'quests', method: 'PUT', path: `/quests/${String(quest_id)}/complete`, by: someone });
    await world().seen(someone, 'ExperienceAwarded', 2);
    await world().caughtUp('journal', 'lifeos.analytics.events');
    await world().runJob('journal', 'detect-patterns', 1);
    // What journal raised before this has come before it.
    await world().done({ service: 'journal', method: 'POST', path: '/journal/entries', by: someone, body: { user_id: someone.userId, entry_type: 'daily', title: 'The end', content: '' } });
    await world().seen(someone, 'JournalEntryCreated');
    expect(derived.map((name) => world().allOf(someone, name).length)).toEqual(before);
  });

  const enter = (by: Someone, body: object) => world().done({ service: 'stats', method: 'PUT', path: `/stats/life-stats/${by.userId}`, by, body });
  const sync = (by: Someone, id: number) => world().send({ service: 'integrations', method: 'PUT', path: `/integrations/${id}/sync`, by });
  const notices = (by: Someone) => ({ service: 'dashboard', path: `/dashboard/notifications/${by.userId}?limit=100`, by });
  const at = (daysAgo: number): string => world().time.daysAgo(daysAgo).toISOString();

  /** Somebody whose wealth is well and whose health is not. */
  async function outOfBalance(): Promise<Someone> {
    const someone = await world().register();
    await world().consent(someone, ['analytics', 'ai_insights']);
    await enter(someone, { category: 'health', subcategory: 'physical', value: 20, target: 100 });
    await enter(someone, { category: 'wealth', subcategory: 'finance_savings_investments', value: 900, target: 1000 });
    return someone;
  }
}
