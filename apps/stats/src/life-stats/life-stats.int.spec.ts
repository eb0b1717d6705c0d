import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openServiceBench, type ServiceBench } from '@lifeos/app-testing';
import { stats } from '../stats.module.js';

const now = new Date('2026-11-21T12:00:00Z');
let bench: ServiceBench;
let person = 0;
beforeAll(async () => {
  bench = await openServiceBench(stats, { clock: { now: () => now } });
});
afterAll(() => bench.close());

type Areas = Record<string, Record<string, unknown>>;
const areasOf = (body: Record<string, unknown>) => body['life_stats'] as Areas;
const show = (user: number, as: number | undefined = user) => bench.call(`/stats/life-stats/${user}`, { as });
const put = (user: number, body: Record<string, unknown>, as = user) =>
  bench.call(`/stats/life-stats/${user}`, { method: 'PUT', as, body: { category: 'wealth', subcategory: 'work_company', value: 1, ...body } });
const eventsOf = async (user: number) => (await bench.events()).filter(({ key }) => key === String(user)).map(({ type, payload }) => [type.name, payload] as const);

describe('R-3: GET /stats/life-stats/{user_id}', () => {
  it('S-8, S-9: shows all twelve; what was never recorded is a gap, not 0', async () => {
    const { status, body } = await show(++person);
    expect(status).toBe(200);
    expect(Object.entries(areasOf(body)).map(([area, parts]) => [area, Object.keys(parts).length])).toEqual([['health', 4], ['wealth', 3], ['relationships', 5]]);
    expect(areasOf(body)['health']?.['physical']).toEqual({ value: null, target: null, unit: '', source: null, updated_at: null, progress: 0, reached: false, distance: null });
  });

  it('D-9: 401 without a token, 403 for another person', async () => {
    expect((await bench.call('/stats/life-stats/1')).status).toBe(401);
    expect((await show(1, 2)).status).toBe(403);
    expect((await put(++person, {}, person + 1)).status).toBe(403);
  });
});

describe('R-3: PUT /stats/life-stats/{user_id}', () => {
  it('S-7, S-9, S-10: keeps the value, writes the history and publishes E-6', async () => {
    const user = ++person;
    const { status, body } = await put(user, { value: 150.25, target: 601, unit: 'points', notes: 'First' });
    expect(status).toBe(200);
    expect(areasOf(body)['wealth']?.['work_company']).toEqual({
      value: 150.25, target: 601, unit: 'points', source: 'manual', updated_at: now.toISOString(), progress: 25, reached: false, distance: 450.75,
    });
    expect(await eventsOf(user)).toEqual([
      ['LifeStatUpdated', { user_id: user, category: 'wealth', subcategory: 'work_company', previous_value: 0, new_value: 150.25, unit: 'points', source: 'manual', target: 601 }],
      ['StatMilestoneReached', { user_id: user, stat_type: 'life', stat_name: 'wealth.work_company', milestone_value: 25, milestone_type: 'target_percent' }],
    ]);
    await put(user, { value: 180.3 });
    const { rows } = await bench.database.query('SELECT stat_type, stat_name, old_value, new_value, difference, percent, reason, notes, recorded_at FROM stat_history WHERE user_id = $1 ORDER BY history_id', [user]);
    const about = { stat_type: 'life', stat_name: 'wealth.work_company', reason: 'manual', recorded_at: now };
    expect(rows).toEqual([
      { ...about, old_value: '0', new_value: '150.25', difference: '150.25', percent: null, notes: 'First' },
      { ...about, old_value: '150.25', new_value: '180.3', difference: '30.05', percent: '20.00', notes: '' },
    ]);
  });

  it('E-6 1.1.0: the target alone is told too, stays when left out, and goes with null', async () => {
    const user = ++person;
    for (const body of [{ value: 5, unit: 'kg' }, { value: 5, target: 0.1 }, { value: 5 }, { value: 5, target: null }]) expect((await put(user, body)).status).toBe(200);
    const updates = (await eventsOf(user)).filter(([name]) => name === 'LifeStatUpdated').map(([, payload]) => payload);
    expect(updates).toMatchObject([
      { previous_value: 0, new_value: 5, unit: 'kg', target: null },
      { previous_value: 5, new_value: 5, unit: 'kg', target: 0.1 },
      { target: 0.1 },
      { target: null },
    ]);
  });

  it('S-12, S-13: per cent of the target is told once each, the goal at 100', async () => {
    const user = ++person;
    const milestones = async () =>
      (await eventsOf(user)).filter(([name]) => name === 'StatMilestoneReached').map(([, payload]) => payload as { milestone_value: number; milestone_type: string });
    await put(user, { value: 50 });
    expect(await milestones()).toEqual([]);
    await put(user, { value: 49, target: 200 });
    await put(user, { value: 50 });
    expect((await milestones()).map(({ milestone_value }) => milestone_value)).toEqual([25]);
    await put(user, { value: 10 });
    await put(user, { value: 210 });
    await put(user, { value: 10 });
    await put(user, { value: 10, target: 5 });
    expect((await milestones()).map(({ milestone_value, milestone_type }) => [milestone_value, milestone_type])).toEqual([
      [25, 'target_percent'], [50, 'target_percent'], [75, 'target_percent'], [100, 'goal'],
    ]);
  });

  it.each<[Record<string, unknown>, string[]]>([
    [{ category: 'fame' }, ['category']],
    [{ category: 'health' }, ['subcategory']],
    [{ value: 0.00001 }, ['value']],
    [{ value: 1e11 }, ['value']],
    [{ value: '5', target: -1 }, ['value', 'target']],
    [{ value: null, unit: 'x'.repeat(51), notes: 5, more: 1 }, ['value', 'unit', 'notes', 'more']],
  ])('S-8: refuses %j and changes nothing', async (over, fields) => {
    const user = ++person;
    const { status, body } = await put(user, over);
    expect(status).toBe(400);
    expect((body['details'] as { field: string }[]).map(({ field }) => field).sort()).toEqual(fields.toSorted());
    expect(await eventsOf(user)).toEqual([]);
  });

  it.each([99_999_999_999.9999, -99_999_999_999.9999, 0])('takes %d', async (value) => {
    const user = ++person;
    expect(areasOf((await put(user, { value })).body)['wealth']?.['work_company']).toMatchObject({ value });
    expect(await eventsOf(user)).toMatchObject([['LifeStatUpdated', { new_value: value }]]);
  });
});
