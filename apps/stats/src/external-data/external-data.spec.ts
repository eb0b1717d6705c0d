import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { LifeStat } from '../life-stats/life-stats.js';
import { byStat, dayChanges, knownAlready } from './day-changes.js';
import { type DataPoint, metricOf, pointsForWorkouts } from './metrics.js';

const point = (metric: string, value: number, time: string): DataPoint => ({ metric, value, recorded_at: new Date(time) });

describe('S-15: the metrics table', () => {
  it.each([
    ['workout.minutes', 'health.physical', 'add', 'min'],
    ['sleep.hours', 'health.other', 'set', 'h'],
    ['nutrition.score', 'health.food_nutrients', 'set', 'points'],
    ['transaction.amount', 'wealth.finance_savings_investments', 'add', 'EUR'],
    ['investment.value', 'wealth.finance_savings_investments', 'set', 'EUR'],
    ['task.completed', 'wealth.work_company', 'add', 'count'],
    ['calendar.events', 'relationships.friendships', 'add', 'count'],
    ['social.meetings', 'relationships.friendships', 'add', 'count'],
  ])('%s → %s, %s', (metric, stat, how, unit) => {
    expect(metricOf(point(metric, 1, '2026-11-21'))).toMatchObject({ stat, how, unit });
  });

  it.each([
    ['workout.minutes', [0, 1440], [-1, 1440.5]],
    ['sleep.hours', [0, 24], [-0.1, 24.1]],
    ['task.completed', [0, 10_000], [-1, 10_001]],
    ['social.meetings', [0, 10_000], [-1, 10_001]],
    ['transaction.amount', [-1e6, 1e6], [Number.POSITIVE_INFINITY, Number.NaN]],
    ['steps', [], [1]],
  ])('X-5: %s takes %j, not %j', (metric, good, bad) => {
    for (const value of good) expect(metricOf(point(metric, value, '2026-11-21'))).not.toBeNull();
    for (const value of bad) expect(metricOf(point(metric, value, '2026-11-21'))).toBeNull();
  });

  it.each([
    [0, 1, 1],
    [0, 3, 3],
    [0, 4, 3],
    [2, 5, 1],
    [3, 5, 0],
  ])('a sync with %i workouts and %i more raises by %i', (before, more, points) => {
    expect(pointsForWorkouts(before, more)).toBe(points);
  });
});

describe('S-15: one change for each stat and day', () => {
  const sleep = [point('sleep.hours', 7, '2026-11-20T22:30:00Z'), point('sleep.hours', 8, '2026-11-21T06:00:00Z'), point('sleep.hours', 6, '2026-11-20T05:00:00Z')];

  it('has the last reading of the day, in the order of the days', () => {
    const changes = dayChanges(null, sleep, 'UTC');
    expect(changes.map(({ before, after, at }) => [before?.value, after.value, at.toISOString()])).toEqual([
      [undefined, 7, '2026-11-20T22:30:00.000Z'],
      [7, 8, '2026-11-21T06:00:00.000Z'],
    ]);
  });

  it("the day is the person's", () => {
    expect(dayChanges(null, sleep, 'Europe/Berlin').map(({ after }) => after.value)).toEqual([7, 8]);
    expect(dayChanges(null, sleep, 'Asia/Tokyo').map(({ after, at }) => [after.value, at.getUTCDate()])).toEqual([[6, 20], [8, 21]]);
  });

  it('sums what is added, and leaves out a day whose readings came too late', () => {
    const workouts = byStat([point('workout.minutes', 30, '2026-11-21T06:00:00Z'), point('steps', 5, '2026-11-21T06:00:00Z'), point('workout.minutes', 15, '2026-11-21T08:00:00Z')]);
    expect([...workouts.keys()]).toEqual(['health.physical']);
    expect(dayChanges(null, workouts.get('health.physical') ?? [], 'UTC')).toMatchObject([{ after: { value: 45, target: null } }]);
    const [last] = dayChanges(null, sleep, 'UTC').slice(-1);
    expect(dayChanges(last?.after ?? null, [point('sleep.hours', 3, '2026-11-21T05:00:00Z')], 'UTC')).toEqual([]);
  });

  it('ends at the same value in whatever pieces the points come', () => {
    const times = fc.uniqueArray(fc.integer({ min: 0, max: 200 }), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(times, fc.constantFrom('sleep.hours', 'workout.minutes'), fc.nat(), (hours, metric, cut) => {
        const points = hours.map((hour) => point(metric, hour % 24, new Date(Date.UTC(2026, 10, 1, hour)).toISOString()));
        const at = cut % points.length;
        const through = (...pieces: DataPoint[][]) =>
          pieces.reduce<LifeStat | null>((stat, piece) => dayChanges(stat, piece, 'UTC').at(-1)?.after ?? stat, null);
        expect(through(points.slice(at), points.slice(0, at))).toEqual(through(points));
      }),
    );
  });
});

it('readings that an earlier life took in leave the value, and keep older ones from replacing it', () => {
  const stat: LifeStat = { value: 8, target: null, unit: 'h', source: 'integration', updatedAt: new Date(0), setAt: null };
  expect(knownAlready(stat, [point('workout.minutes', 3, '2026-11-21T05:00:00Z')])).toBe(stat);
  const known = knownAlready(stat, [point('sleep.hours', 3, '2026-11-21T05:00:00Z'), point('sleep.hours', 4, '2026-11-20T05:00:00Z')]);
  expect(known).toEqual({ ...stat, setAt: new Date('2026-11-21T05:00:00Z') });
  expect(knownAlready(known, [point('sleep.hours', 3, '2026-11-19T05:00:00Z')])).toEqual(known);
});
