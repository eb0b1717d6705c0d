import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { grantConsents, openServiceBench, type ServiceBench } from '@lifeos/app-testing';
import type { HandlerContext } from '@lifeos/delivery';
import type { EndedConsent } from '@lifeos/service';
import { ForgetFindingsWhenConsentEnds } from '../consent/forget-findings-when-consent-ends.js';
import { journal } from '../journal.module.js';
import { daysUpTo } from '../series/days.js';

let bench: ServiceBench;
let person = 0;
/** Stands still unless it is set. */
const clock = { time: new Date('2026-11-21T12:00:00Z'), now: () => clock.time, set: (time: Date) => void (clock.time = time) };
const lastDay = '2028-03-03';
beforeAll(async () => {
  clock.set(new Date('2028-03-12T12:00:00Z'));
  bench = await openServiceBench(journal, { clock });
});
afterAll(() => bench.close());

/** A person with an entry on each of the last days: mood and words as given, oldest first. */
const withEntries = async (moods: readonly number[], words: readonly number[], time = '12:00:00Z'): Promise<number> => {
  const user = ++person;
  const days = daysUpTo(lastDay, moods.length);
  await bench.database.query(
    `INSERT INTO entries (entry_id, user_id, entry_type, title, content, word_count, mood, tags, created_at, updated_at)
     SELECT nextval('entry_ids'), $1, 'daily', 'x', '', words, mood, '{}', at, at FROM unnest($2::int[], $3::int[], $4::timestamptz[]) AS e (mood, words, at)`,
    [user, moods, words, days.map((day) => `${day}T${time}`)],
  );
  return user;
};
const run = (day = lastDay) => bench.call('/operator/jobs/detect-patterns/run', { method: 'POST', as: 1, role: 'operator', body: { day } });
const eventsOf = async (user: number) => (await bench.events()).filter(({ key }) => key === String(user)).map(({ type, payload }) => [type.name, payload] as const);
const findings = async (user: number, query = '') => (await bench.call(`/journal/insights/${user}${query}`, { as: user })).body;
const count = (length: number): number[] => Array.from({ length }, (_, index) => (index % 10) + 1);

describe('J-4 to J-6: patterns and insights', () => {
  it('are told and shown, with series and entries behind them, once in 7 days', async () => {
    const user = await withEntries(count(22), count(22));
    await grantConsents(bench.database, user, ['ai_insights']);
    expect((await run()).status).toBe(200);
    const told = await eventsOf(user);
    const entries = (await bench.database.query<{ id: string }>('SELECT entry_id AS id FROM entries WHERE user_id = $1 ORDER BY created_at', [user])).rows.map(({ id }) => Number(id));
    const sure = { confidence_score: expect.closeTo(22 / 30, 9), related_series: ['mood', 'words'] };
    expect(told).toEqual([
      ['PatternDetected', { ...sure, user_id: user, pattern_id: expect.any(Number), pattern_type: 'correlation', description: expect.stringContaining('On 22 days'), detection_timestamp: clock.now() }],
      ['InsightGenerated', { ...sure, user_id: user, insight_id: expect.any(Number), insight_type: 'correlation', content: expect.stringContaining('One thing to do'), source_entries: entries }],
    ]);
    expect(await findings(user)).toMatchObject({
      consented: true,
      insights: [{ ...sure, insight_type: 'correlation', source_entries: entries, generated_at: '2028-03-12T12:00:00.000Z' }],
      patterns: [{ ...sure, pattern_type: 'correlation', detection_timestamp: '2028-03-12T12:00:00.000Z' }],
    });
    expect(await findings(user, '?offset=1')).toEqual({ consented: true, insights: [], patterns: [] });

    // The same day again, and a day 6 later, find it told; the seventh tells it again.
    const pairs = async () => (await eventsOf(user)).filter(([, payload]) => Object.values(payload).includes('correlation')).map(([name]) => name);
    await run();
    await run('2028-03-09');
    expect(await pairs()).toEqual(['PatternDetected', 'InsightGenerated']);
    await run('2028-03-10');
    expect(await pairs()).toEqual(['PatternDetected', 'InsightGenerated', 'PatternDetected', 'InsightGenerated']);
  });

  it('J-6: a pattern of 0.7 is no insight', async () => {
    const user = await withEntries(count(21), count(21));
    await grantConsents(bench.database, user, ['ai_insights']);
    await run();
    expect(await eventsOf(user)).toMatchObject([['PatternDetected', { confidence_score: expect.closeTo(0.7, 9) }]]);
  });

  it("days are the person's own: what is the 22nd day in UTC may be outside the window", async () => {
    // 23:30 UTC of the last day is the next day in Berlin, so the youngest entry is not looked at yet.
    const [berlin, utc] = [await withEntries(count(22), count(22), '23:30:00Z'), await withEntries(count(22), count(22), '23:30:00Z')];
    await bench.database.query(`INSERT INTO time_zones VALUES ($1, 'Europe/Berlin')`, [berlin]);
    for (const user of [berlin, utc]) await grantConsents(bench.database, user, ['ai_insights']);
    await run();
    expect(await eventsOf(berlin)).toMatchObject([['PatternDetected', { confidence_score: expect.closeTo(0.7, 9) }]]);
    expect(await eventsOf(utc)).toHaveLength(2);
  });

  it('J-5: a drop of mood becomes a pattern, and an insight when it is large', async () => {
    const steady = Array.from({ length: 14 }, () => 10);
    const [small, large] = [await withEntries([...Array.from({ length: 7 }, () => 8), ...Array.from({ length: 7 }, () => 6)], steady), await withEntries([...Array.from({ length: 7 }, () => 9), ...Array.from({ length: 7 }, () => 6)], steady)];
    for (const user of [small, large]) await grantConsents(bench.database, user, ['ai_insights']);
    await run();
    expect(await eventsOf(small)).toMatchObject([['PatternDetected', { pattern_type: 'mood', confidence_score: 0.5, related_series: ['mood'] }]]);
    expect(await eventsOf(large)).toMatchObject([['PatternDetected', { pattern_type: 'mood' }], ['InsightGenerated', { insight_type: 'mood', confidence_score: 0.75, source_entries: { length: 14 } }]]);
  });

  it('tells at most twenty patterns of a person a day, the others on the next', async () => {
    const user = ++person;
    const days = daysUpTo(lastDay, 30);
    for (let index = 0; index < 8; index += 1) {
      await bench.database.query('INSERT INTO series_points SELECT $1, $2, at, value, value, at FROM unnest($3::timestamptz[], $4::float8[]) AS p (at, value)', [
        user, `stat_${index}`, days.map((day) => `${day}T12:00:00Z`), days.map((_, day) => day),
      ]);
    }
    await grantConsents(bench.database, user, [], { PatternDetected: true });
    await run();
    expect(await eventsOf(user)).toHaveLength(20);
    await run('2028-03-04');
    expect(await eventsOf(user)).toHaveLength(28);
  });
});

describe('V-6: without consent', () => {
  it('nothing is computed, told or shown; what a person refuses alone is left out alone', async () => {
    const [unknown, patternsOnly, insightsOnly] = [await withEntries(count(22), count(22)), await withEntries(count(22), count(22)), await withEntries(count(22), count(22))];
    await grantConsents(bench.database, patternsOnly, ['ai_insights'], { InsightGenerated: false });
    await grantConsents(bench.database, insightsOnly, ['ai_insights'], { PatternDetected: false });
    await run();
    expect(await eventsOf(unknown)).toEqual([]);
    expect((await eventsOf(patternsOnly)).map(([name]) => name)).toEqual(['PatternDetected']);
    expect(await eventsOf(insightsOnly)).toEqual([]);
    expect(await findings(unknown)).toEqual({ consented: false, insights: [], patterns: [] });
    expect(await findings(patternsOnly)).toMatchObject({ consented: false, insights: [], patterns: [{}] });
  });

  it('D-9: 401 without a token, 403 for another person', async () => {
    expect((await bench.call('/journal/insights/1')).status).toBe(401);
    expect((await bench.call('/journal/insights/1', { as: 2 })).status).toBe(403);
    expect((await bench.call('/journal/insights/1?limit=201', { as: 1 })).status).toBe(400);
  });
});

describe('V-9, F-7: when consent ends', () => {
  const listener = new ForgetFindingsWhenConsentEnds();
  const left = async (user: number): Promise<string[]> => {
    const { rows } = await bench.database.query<{ what: string }>(
      `SELECT insight_type AS what FROM insights WHERE user_id = $1 UNION SELECT 'pattern ' || pattern_type FROM patterns WHERE user_id = $1
       UNION SELECT series FROM series_points WHERE user_id = $1 UNION SELECT 'entry' FROM entries WHERE user_id = $1 ORDER BY 1`,
      [user],
    );
    return rows.map(({ what }) => what);
  };

  it.each([
    [['InsightGenerated', 'PatternDetected'], ['data.sleep', 'entry', 'strength', 'trend.strength']],
    [['TrendDetected', 'BalanceShiftDetected'], ['correlation', 'data.sleep', 'entry', 'pattern correlation', 'strength']],
    [['ExternalDataReceived'], ['balance', 'correlation', 'entry', 'pattern correlation', 'strength', 'trend', 'trend.strength']],
    [['QuestCompleted'], ['balance', 'correlation', 'data.sleep', 'entry', 'pattern correlation', 'strength', 'trend', 'trend.strength']],
  ])('for %j, this is left: %j', async (eventTypes, expected) => {
    const [user, other] = [await withEntries([5], [5]), await withEntries([5], [5])];
    for (const owner of [user, other]) {
      await bench.database.query(
        `INSERT INTO insights SELECT gen_random_uuid(), 1, $1, type, 'x', 0.9, '{}', '{}', now() FROM unnest(ARRAY['trend', 'balance', 'correlation']) AS t (type)`, [owner]);
      await bench.database.query(`INSERT INTO patterns SELECT gen_random_uuid(), 1, $1, 'correlation', '{}', 'x', 0.9, '2028-01-01', now()`, [owner]);
      await bench.database.query(`INSERT INTO series_points SELECT $1, name, now(), 1, 1, now() FROM unnest(ARRAY['strength', 'trend.strength', 'data.sleep']) AS s (name)`, [owner]);
    }
    const before = await left(other);
    const ended = { user_id: user, purposes: new Set(), eventTypes: new Set(eventTypes) } as unknown as EndedConsent;
    await bench.database.transaction({ keys: [String(user)] }, (tx) => listener.consentsEnded([ended], { tx } as HandlerContext));
    expect(await left(user)).toEqual(expected);
    expect(await left(other)).toEqual(before);
  });
});
