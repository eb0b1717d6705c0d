import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { runDashboard, type RunningDashboard } from '../testing/running-dashboard.js';

describe('R-21, D-7: home and notifications over HTTP', () => {
  let dashboard: RunningDashboard;
  let token: string;
  beforeAll(async () => {
    dashboard = await runDashboard();
    token = await dashboard.tokenOf(7);
  });
  afterAll(() => dashboard.stop());

  it('D-9: gives a user that this service has never heard of an empty home with hints, no 404', async () => {
    const { status, body } = await dashboard.call('GET', '/dashboard/home/7', { token });
    expect(status).toBe(200);
    expect(body).toEqual({
      user_id: 7,
      level: { level: 1, experience_points: 0, experience_to_next_level: 1_000, level_progress_percentage: 0, difficulty_factor: 1.1 },
      core_stats: { strength: 10, endurance: 10, agility: 10, intelligence: 10, wisdom: 10, charisma: 10 },
      ...{ active_quests: [], habits_due: [], recent_achievements: [], progress_bars: [], titles: [], badges: [], prompts: [], journal_entries: [] },
      ...{ insights: [], predictions: [], recommendations: [], skill_recommendations: null, balance: null, engagement: null, integrations: [] },
      notifications: { unread_count: 0, newest: [] },
      setup_hints: [expect.any(String), expect.any(String), expect.any(String)],
    });
  });

  it("D-9: refuses another user's home and notifications", async () => {
    for (const path of ['/dashboard/home/8', '/dashboard/notifications/8', '/dashboard/overview/8/health']) {
      expect((await dashboard.call('GET', path, { token })).status).toBe(403);
      expect((await dashboard.call('GET', path)).status).toBe(401);
    }
  });

  it('D-6: marks a notice as read, for its owner alone', async () => {
    const sql = `INSERT INTO notices (event_id, user_id, kind, title, details, created_at) VALUES (gen_random_uuid(), 7, 'title', 'New title: Beginner', '{}', now()) RETURNING notice_id`;
    const { rows } = await dashboard.database.query<{ notice_id: string }>(sql);
    const path = `/dashboard/notifications/${rows[0]?.notice_id}/read`;
    expect((await dashboard.call('PUT', path, { token: await dashboard.tokenOf(8) })).status).toBe(403);
    expect((await dashboard.call('PUT', '/dashboard/notifications/999999/read', { token })).status).toBe(404);
    expect((await dashboard.call('GET', '/dashboard/notifications/7', { token })).body).toMatchObject({ unread_count: 1, notifications: [{ read: false }] });
    expect((await dashboard.call('PUT', path, { token })).status).toBe(200);
    expect((await dashboard.call('PUT', path, { token })).status).toBe(200);
    expect((await dashboard.call('GET', '/dashboard/notifications/7', { token })).body).toMatchObject({ unread_count: 0, notifications: [{ read: true }] });
  });

  it('takes pages of notifications within bounds', async () => {
    expect((await dashboard.call('GET', '/dashboard/notifications/7?limit=1&offset=1', { token })).body).toMatchObject({ notifications: [] });
    expect((await dashboard.call('GET', '/dashboard/notifications/7?limit=0', { token })).status).toBe(400);
    expect((await dashboard.call('GET', '/dashboard/notifications/7?limit=201&x=1', { token })).status).toBe(400);
  });
});
