import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openServiceBench, type ServiceBench } from '@lifeos/app-testing';
import { journal } from '../journal.module.js';

let bench: ServiceBench;
beforeAll(async () => {
  bench = await openServiceBench(journal);
  await bench.database.query(
    `INSERT INTO prompts (prompt_id, user_id, day, ordinal, category, text, trigger_event, suggested_at)
     SELECT n, 1, '2026-11-21'::date - n, 1, 'general', 'Question ' || n, 'UserRegistered', '2026-11-21T12:00:00Z'::timestamptz - n * interval '1 day'
     FROM generate_series(1, 60) AS n`,
  );
});
afterAll(() => bench.close());

const texts = async (query: string) => {
  const { body } = await bench.call(`/journal/prompts/1${query}`, { as: 1 });
  return (body['prompts'] as { prompt_text: string }[]).map(({ prompt_text }) => prompt_text);
};

describe('R-25: GET /journal/prompts/{user_id}', () => {
  it('shows the newest first, 50 unless asked for more or fewer', async () => {
    expect(await texts('')).toHaveLength(50);
    expect(await texts('?limit=2')).toEqual(['Question 1', 'Question 2']);
    expect(await texts('?limit=200')).toHaveLength(60);
  });

  it('shows what dashboard shows too', async () => {
    const { body } = await bench.call('/journal/prompts/1?limit=1', { as: 1 });
    expect(body).toEqual({
      prompts: [{ prompt_id: 1, prompt_text: 'Question 1', prompt_category: 'general', trigger_event: 'UserRegistered', suggested_at: '2026-11-20T12:00:00.000Z' }],
    });
  });

  it('is empty for a person without prompts', async () => {
    expect(await bench.call('/journal/prompts/2', { as: 2 })).toEqual({ status: 200, body: { prompts: [] } });
  });

  it.each(['0', '201', '1.5', 'all', ''])('refuses limit=%s', async (limit) => {
    expect((await bench.call(`/journal/prompts/1?limit=${limit}`, { as: 1 })).status).toBe(400);
  });

  it('D-9: 401 without a token, 403 for another person', async () => {
    expect((await bench.call('/journal/prompts/1')).status).toBe(401);
    expect((await bench.call('/journal/prompts/1', { as: 2 })).status).toBe(403);
  });
});
