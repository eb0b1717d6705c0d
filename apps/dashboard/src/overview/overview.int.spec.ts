import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { runDashboard, type RunningDashboard } from '../testing/running-dashboard.js';

describe('R-21, D-8: overviews over HTTP', () => {
  let dashboard: RunningDashboard;
  let token: string;
  beforeAll(async () => {
    dashboard = await runDashboard();
    token = await dashboard.tokenOf(7);
  });
  afterAll(() => dashboard.stop());

  it('D-9: names everything that is not tracked yet for somebody unknown', async () => {
    expect(await dashboard.call('GET', '/dashboard/overview/7/wealth', { token })).toEqual({
      status: 200,
      body: { user_id: 7, area: 'wealth', score: null, values: [], not_tracked: ['work_company', 'finance_savings_investments', 'personal_growth_reading'], trends: [], history: [], needs_attention: [] },
    });
  });

  it('shows values, the last 30 days and what needs attention', async () => {
    const { database } = dashboard;
    await database.query(`INSERT INTO life_stats VALUES (7, 'health', 'physical', 50, 200, 'min', 'manual', now()), (7, 'wealth', 'work_company', 1, 1, '', 'manual', now())`);
    await database.query(`INSERT INTO life_stat_days VALUES (7, 'health', 'physical', current_date - 60, 1), (7, 'health', 'physical', current_date, 50)`);
    const { body } = await dashboard.call('GET', '/dashboard/overview/7/health', { token });
    expect(body).toMatchObject({
      values: [{ subcategory: 'physical', value: 50, target: 200, progress: 25, reached: false }],
      not_tracked: ['mental_emotional', 'food_nutrients', 'other'],
      history: [{ subcategory: 'physical', points: [{ value: 50 }] }],
      needs_attention: [{ subject: 'physical', reason: 'below_target' }],
    });
  });

  it('refuses another area', async () => {
    expect(await dashboard.call('GET', '/dashboard/overview/7/fame', { token })).toMatchObject({ status: 400, body: { details: [{ field: 'area' }] } });
  });
});
