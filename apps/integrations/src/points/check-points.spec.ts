import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { checkPoint, checkPoints, type RawPoint } from './check-points.js';
import { metrics } from './metrics.js';
import { isPoor, qualityByType, qualityNote, qualityOf } from './quality.js';

const now = new Date('2026-11-21T12:00:00Z');
const raw = (over: Partial<RawPoint> = {}): RawPoint => ({ metric: 'workout.minutes', value: 30, unit: 'min', recorded_at: '2026-11-21T11:00:00Z', ...over });
const isGood = (over: Partial<RawPoint>): boolean => !('reason' in checkPoint(raw(over), now));

describe('I-5: a point', () => {
  it.each([
    ['workout.minutes', 'min', 0, 1440], ['sleep.hours', 'h', 0, 24], ['task.completed', 'count', 0, 10_000],
    ['calendar.events', 'count', 0, 10_000], ['social.meetings', 'count', 0, 10_000], ['nutrition.score', 'points', 0, 10_000],
  ])('%s in %s is within %d and %d', (metric, unit, min, max) => {
    const good = (value: number): boolean => isGood({ metric, unit, value });
    expect([good(min - 0.001), good(min), good(max), good(max + 0.001)]).toEqual([false, true, true, false]);
  });

  it.each(['transaction.amount', 'investment.value'])('%s is any finite sum, also negative', (metric) => {
    const good = (value: unknown): boolean => isGood({ metric, unit: 'EUR', value });
    expect([good(-1e300), good(0), good(1e300)]).toEqual([true, true, true]);
    expect([good(Number.NaN), good(Number.POSITIVE_INFINITY), good('12'), good(null)]).toEqual([false, false, false, false]);
  });

  it.each([
    ['2026-11-21T12:00:00.000Z', true], ['2026-11-21T12:00:00.001Z', false], ['2026-11-21T13:00:00+01:00', true], ['2026-11-21T13:00:01+01:00', false],
    ['1900-01-01T00:00:00Z', true], ['1899-12-31T23:59:59Z', false], ['2026-11-21', false], ['2026-11-21T11:00:00', false], ['2026-13-40T11:00:00Z', false], [now, true], [5, false],
  ])('recorded at %s: %s', (recorded_at, good) => expect(isGood({ recorded_at })).toBe(good));

  it.each([['', false], [' ', false], [undefined, false], ['min', true], ['x'.repeat(20), true], ['x'.repeat(21), false], ['a\u0000b', false]])('with unit %j: %s', (unit, good) => {
    expect(isGood({ unit })).toBe(good);
  });

  it('of an unknown metric is bad', () => {
    expect(checkPoint(raw({ metric: 'workout.steps' }), now)).toEqual({ dataType: 'workout', reason: 'the metric is unknown' });
    expect(checkPoint(raw({ metric: 'steps' }), now)).toEqual({ dataType: null, reason: 'the metric is unknown' });
    expect(checkPoint(raw({ metric: 'constructor' }), now)).toEqual({ dataType: null, reason: 'the metric is unknown' });
  });

  it('tells all that is wrong with it, and not its value', () => {
    expect(checkPoint(raw({ value: 99_999, unit: '', recorded_at: '2030-01-01T00:00:00Z' }), now)).toEqual({
      dataType: 'workout', reason: 'workout.minutes: the value is not within 0 and 1440 min, the unit is missing, the time lies in the future',
    });
  });
});

describe('I-4: durations', () => {
  it.each([['workout.minutes', 0.5, 'h', 30, 'min'], ['workout.minutes', 90, 's', 1.5, 'min'], ['sleep.hours', 450, 'Minutes', 7.5, 'h'], ['sleep.hours', 7, 'hr', 7, 'h'], ['transaction.amount', 5, 'USD', 5, 'USD']])(
    '%s of %d %s are %d %s', (metric, value, unit, expected, inUnit) => expect(checkPoint(raw({ metric, value, unit }), now)).toMatchObject({ value: expected, unit: inUnit }),
  );

  it('are judged in the unit of the metric', () => {
    expect([isGood({ value: 24, unit: 'h' }), isGood({ value: 24.1, unit: 'h' })]).toEqual([true, false]);
  });
});

describe('I-7: quality', () => {
  it.each([[0, 0, 1], [0, 1, 0], [4, 5, 0.8], [79, 100, 0.79], [1, 1, 1]])('%d of %d is %d', (good, received, quality) => expect(qualityOf(good, received)).toBe(quality));

  it('is poor below 0.8', () => {
    expect([isPoor(0.79), isPoor(qualityOf(4, 5)), isPoor(0.8)]).toEqual([true, false, false]);
    expect([qualityNote(0.79), qualityNote(0.8)]).toEqual(['Only 79 % of what came could be used. Check the source, or enter values by hand.', null]);
  });

  it('is told by kind of data', () => {
    const checked = checkPoints([raw(), raw({ value: -1 }), raw({ metric: 'sleep.hours', unit: 'h', value: 7 }), raw({ metric: 'steps' })], now);
    expect(qualityByType(checked)).toEqual(new Map([['workout', 0.5], ['sleep', 1]]));
  });

  it('loses no point: each is good or bad', () => {
    const any = fc.record({ metric: fc.oneof(fc.constantFrom(...metrics.keys()), fc.string()), value: fc.anything(), unit: fc.oneof(fc.constant('min'), fc.anything()), recorded_at: fc.anything() });
    fc.assert(fc.property(fc.array(any, { maxLength: 20 }), (points) => {
      const { good, bad } = checkPoints(points, now);
      expect(good.length + bad.length).toBe(points.length);
    }), { numRuns: 200 });
  });
});
