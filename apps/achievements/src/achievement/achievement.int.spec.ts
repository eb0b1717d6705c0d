import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openServiceBench, type ServiceBench } from '@lifeos/app-testing';
import { achievements } from '../achievements.module.js';

let bench: ServiceBench;
beforeAll(async () => {
  bench = await openServiceBench(achievements);
});
afterAll(() => bench.close());

describe('R-16: GET /achievements', () => {
  it('shows every achievement that is not hidden, with its reward', async () => {
    const { status, body } = await bench.call('/achievements/available-achievements', { as: 1 });
    expect(status).toBe(200);
    expect(body).toMatchObject({ next_goals: [], proposed_goals: [] });
    expect(body['achievements']).toHaveLength(14);
    expect(body['achievements']).toContainEqual({
      achievement_id: 4, name: 'Quest Hero', description: 'Complete 100 quests.', icon: 'flag', category: 'quest_completion', tier: 'platinum',
      experience_reward: 3000, repeatable: false, standing: 'later', requirements: [{ measure: 'quests_completed', at_least: 100 }],
    });
  });

  it('shows a person what is earned and how far the rest is', async () => {
    const { status, body } = await bench.call('/achievements/1', { as: 1 });
    expect(status).toBe(200);
    expect(body).toMatchObject({ user_id: 1, earned: [], titles: [], badges: [] });
    expect(body['progress']).toContainEqual({
      achievement_id: 5, name: 'Rising', current_progress: 1, required_progress: 5, progress_percentage: 20, close: false, missing: ['Reach level 5; it is 1 now.'],
    });
  });

  it('R-25, A-14: shows a person the numbers', async () => {
    const { status, body } = await bench.call('/achievements/statistics/1', { as: 1 });
    expect(status).toBe(200);
    expect(body).toMatchObject({ user_id: 1, total: 14, unlocked: 0, percentage: 0, last_30_days: 0, experience_from_achievements: 0, per_month: [] });
    expect(body['by_tier']).toEqual({
      bronze: { total: 4, unlocked: 0 }, silver: { total: 5, unlocked: 0 }, gold: { total: 4, unlocked: 0 }, platinum: { total: 1, unlocked: 0 },
    });
    expect((await bench.call('/achievements/statistics/1', { as: 2 })).status).toBe(403);
    expect((await bench.call('/achievements/statistics/0', { as: 1 })).status).toBe(400);
  });

  it('D-9: 401 without a token, 403 for another person, 400 for what is no id', async () => {
    expect((await bench.call('/achievements/available-achievements')).status).toBe(401);
    expect((await bench.call('/achievements/1')).status).toBe(401);
    expect((await bench.call('/achievements/1', { as: 2 })).status).toBe(403);
    expect((await bench.call('/achievements/mine', { as: 1 })).status).toBe(400);
  });
});
