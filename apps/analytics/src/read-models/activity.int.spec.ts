import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openServiceBench, type ServiceBench } from '@lifeos/app-testing';
import { analytics } from '../analytics.module.js';

let bench: ServiceBench;
beforeAll(async () => {
  bench = await openServiceBench(analytics, { clock: { now: () => new Date('2026-11-21T12:00:00Z') } });
  await bench.database.query(
    `INSERT INTO activity (user_id, day, event_name, events)
     SELECT 1, '2026-11-21'::date - n, 'QuestCompleted', 2 FROM generate_series(0, 40) AS n`,
  );
});
afterAll(() => bench.close());

const daysShown = async (query: string) => {
  const { body } = await bench.call(`/analytics/activity/1${query}`, { as: 1 });
  return body['days'] as unknown[];
};

describe('AN-9: GET /analytics/activity/{user_id}', () => {
  it('shows the last 30 days, today included, unless asked for more or fewer', async () => {
    expect(await daysShown('')).toHaveLength(30);
    expect(await daysShown('?days=366')).toHaveLength(41);
    expect(await daysShown('?days=1')).toEqual([{ day: '2026-11-21', active: true, events: { QuestCompleted: 2 } }]);
  });

  it.each(['0', '367', '1.5', 'all'])('refuses days=%s', async (days) => {
    expect((await bench.call(`/analytics/activity/1?days=${days}`, { as: 1 })).status).toBe(400);
  });

  it('D-9: 401 without a token, 403 for another person', async () => {
    expect((await bench.call('/analytics/activity/1')).status).toBe(401);
    expect((await bench.call('/analytics/activity/1', { as: 2 })).status).toBe(403);
  });
});
