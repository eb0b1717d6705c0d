import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { grantConsents, openServiceBench, type ServiceBench } from '@lifeos/app-testing';
import type { HandlerContext } from '@lifeos/delivery';
import { MovableClock, rememberTimeZones } from '@lifeos/service';
import { type HistoryRow, writeHistory } from '../history/stat-history.js';
import { stats } from '../stats.module.js';
import { DropTrendsWhenConsentEnds } from './drop-trends-when-consent-ends.js';
import { daysAfter } from './trend.js';

const day = '2026-11-20';
const clock = new MovableClock();
let bench: ServiceBench;
let person = 0;
beforeAll(async () => {
  clock.set(new Date('2026-11-21T13:00:00Z'));
  bench = await openServiceBench(stats, { clock });
});
afterAll(() => bench.close());

const row = (userId: number, name: string, next: number, at: string): HistoryRow => ({ userId, type: 'life', name, previous: 0, next, reason: 'manual', at: new Date(at) });
/** One value a day, the last on `day`; null is a gap. */
const keep = (user: number, name: string, values: readonly (number | null)[]) =>
  writeHistory(bench.database, values.flatMap((value, index) => (value === null ? [] : [row(user, name, value, `${daysAfter(day, index + 1 - values.length)}T12:00:00Z`)])));
const run = (of = day) => bench.call('/operator/jobs/detect-trends/run', { method: 'POST', as: 1, role: 'operator', body: { day: of } });
const eventsOf = async (user: number) => (await bench.events()).filter(({ key }) => key === String(user)).map(({ payload }) => payload);
const show = (user: number, query = '', as = user) => bench.call(`/stats/trends/${user}${query}`, { as });
const consenting = async () => {
  await grantConsents(bench.database, ++person, ['analytics']);
  return person;
};

describe('S-14: the daily job', () => {
  it('tells of a line in each window, once a day, and not without consent', async () => {
    const user = await consenting();
    const stranger = ++person;
    const rising = [1, 2, 3, 4, 5, 6, 7];
    for (const each of [user, stranger]) {
      await keep(each, 'health.physical', rising);
      await keep(each, 'health.other', [10, null, 9, 8, null, 7, 6]);
      await keep(each, 'wealth.work_company', [5, 5, 5, 5, 5]);
      await keep(each, 'relationships.family', [1, 2, 3, 4]);
    }
    expect(await run()).toMatchObject({ status: 200, body: { people: 2 } });
    await run();
    const about = { user_id: user, stat_name: 'health.physical', trend_type: 'increasing' };
    const found = (await eventsOf(user)) as { confidence_score: number }[];
    expect(found).toMatchObject([
      { user_id: user, stat_name: 'health.other', trend_type: 'decreasing', duration_days: 7 },
      { user_id: user, stat_name: 'health.other', trend_type: 'decreasing', duration_days: 30 },
      { ...about, duration_days: 7 },
      { ...about, duration_days: 30 },
    ]);
    expect(found[2]?.confidence_score).toBeCloseTo(1, 10);
    expect(await eventsOf(stranger)).toEqual([]);
  });

  it('looks at thirty days at most, at the last value of each', async () => {
    const user = await consenting();
    await keep(user, 'health.physical', [1, 2, 3, 4, 5, 6, 7, ...Array.from({ length: 26 }, () => null)]);
    await keep(user, 'health.other', [5, 5, 5, 5, 5, 5]);
    await writeHistory(bench.database, [row(user, 'health.other', 900, `${daysAfter(day, -1)}T11:00:00Z`)]);
    await run();
    expect(await eventsOf(user)).toEqual([]);
  });

  it("goes by the person's days, and waits until the day is over there", async () => {
    const user = await consenting();
    await rememberTimeZones(bench.database, [{ userId: user, timeZone: 'Pacific/Honolulu' }]);
    // 09:00 UTC is the evening before in Honolulu.
    await writeHistory(bench.database, [1, 2, 3, 4, 5].map((value) => row(user, 'health.physical', value, `${daysAfter(day, value - 4)}T09:00:00Z`)));
    clock.set(new Date('2026-11-21T09:30:00Z'));
    await run();
    expect(await eventsOf(user)).toEqual([]);
    clock.set(new Date('2026-11-21T13:00:00Z'));
    await run();
    expect(await eventsOf(user)).toMatchObject([{ duration_days: 7, trend_type: 'increasing' }, { duration_days: 30 }]);
    expect((await show(user, '?days=7')).body).toMatchObject({ trends: [{ values: [{ day: '2026-11-16', value: 1 }, {}, {}, {}, { day, value: 5 }] }] });
  });
});

describe('R-4: GET /stats/trends/{user_id}', () => {
  it('shows values, fit and what was found', async () => {
    const user = await consenting();
    await keep(user, 'health.physical', [10, null, 12, 13, 14, 15, 16]);
    await run();
    const { status, body } = await show(user);
    expect(status).toBe(200);
    expect(body).toMatchObject({ user_id: user, days: 30, consented: true });
    const [trend] = body['trends'] as { values: unknown[]; fit: { slope: number; change: number }; detected: unknown[] }[];
    expect(trend?.values).toHaveLength(6);
    expect(trend?.fit.slope).toBeCloseTo(1, 10);
    expect(trend?.fit.change).toBeCloseTo(29, 8);
    expect(trend).toMatchObject({
      stat_name: 'health.physical',
      fit: { trend_type: 'increasing' },
      detected: [{ day, duration_days: 7, trend_type: 'increasing' }, { day, duration_days: 30 }],
    });
    expect((await show(user, '?days=5')).body).toMatchObject({ days: 5, trends: [{ fit: null }] });
  });

  it('V-3: without consent shows the values alone', async () => {
    const user = ++person;
    await keep(user, 'health.physical', [1, 2, 3, 4, 5]);
    expect((await show(user)).body).toMatchObject({ consented: false, trends: [{ values: [{ value: 1 }, {}, {}, {}, { value: 5 }], fit: null, detected: [] }] });
  });

  it('refuses other windows, and other people', async () => {
    for (const days of ['0', '366', '1.5', 'x']) expect((await show(1, `?days=${days}`)).status).toBe(400);
    for (const days of ['1', '365']) expect((await show(1, `?days=${days}`)).status).toBe(200);
    expect((await show(1, '', 2)).status).toBe(403);
    expect((await bench.call('/stats/trends/1')).status).toBe(401);
  });
});

describe('V-9: when consent to analytics ends', () => {
  it('trends are gone; values stay', async () => {
    const [user, other] = [await consenting(), await consenting()];
    for (const each of [user, other]) await keep(each, 'health.physical', [1, 2, 3, 4, 5, 6, 7]);
    await run();
    const end = { user_id: user, purposes: new Set(['analytics'] as const), eventTypes: new Set<string>(), cause: (await bench.events())[0] };
    await bench.database.transaction({ keys: [String(user)] }, (tx) =>
      new DropTrendsWhenConsentEnds().consentsEnded([end as never, { ...end, user_id: other, purposes: new Set(['marketing']) } as never], { tx } as HandlerContext),
    );
    expect((await show(user)).body).toMatchObject({ trends: [{ detected: [] }] });
    expect((await show(other)).body).toMatchObject({ trends: [{ detected: [{ duration_days: 7 }, { duration_days: 30 }] }] });
  });
});
