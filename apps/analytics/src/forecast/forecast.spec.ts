import { describe, expect, it } from '@jest/globals';
import { derivedEventId } from '@lifeos/events';
import fc from 'fast-check';
import { daysAfter } from '../series/days.js';
import { seriesOf } from './advise.js';
import { fitLine, forecast } from './forecast.js';
import { idFromEvent } from './id-from-event.js';
import { predictionTypeOf } from './prediction-type.js';

const daily = (values: readonly number[]) => values.map((value, index) => ({ day: daysAfter('2026-11-01', index), value }));

describe('AN-6: a forecast', () => {
  it('needs 7 daily points', () => {
    expect(forecast(daily([1, 2, 3, 4, 5, 6]))).toBeNull();
    expect(forecast(daily([1, 2, 3, 4, 5, 6, 7]))).not.toBeNull();
    expect(forecast([])).toBeNull();
  });

  it('carries the line on for 30 days', () => {
    const found = forecast(daily([1, 2, 3, 4, 5, 6, 7]));
    expect(found).toMatchObject({ trend: 'up', interval: [37, 37] });
    expect(found?.points).toHaveLength(30);
    expect(found?.points[0]).toEqual({ day: '2026-11-08', value: 8 });
    expect(found?.points.at(-1)).toEqual({ day: '2026-12-07', value: 37 });
  });

  it('reaches 1.96 residual deviations around its end', () => {
    // Slope 0, mean 5; residuals ±1, 0: squares sum to 6, over 7 − 2 degrees of freedom.
    const found = forecast(daily([6, 4, 6, 5, 6, 4, 6].map((value) => value)));
    const { slope, intercept, deviation } = fitLine([6, 4, 6, 5, 6, 4, 6].map((y, x) => ({ x, y })));
    const end = intercept + slope * 36;
    expect(slope).toBeCloseTo(0, 10);
    expect(found?.interval[0]).toBeCloseTo(end - 1.96 * deviation, 3);
    expect(found?.interval[1]).toBeCloseTo(end + 1.96 * deviation, 3);
  });

  it.each([
    [[10, 10, 10, 10, 10, 10, 10], 'flat'],
    [[0, 0, 0, 0, 0, 0, 0], 'flat'],
    [[7, 6, 5, 4, 3, 2, 1], 'down'],
    [[100, 100.01, 100.02, 100.03, 100.04, 100.05, 100.06], 'flat'],
    [[10, 10.1, 10.2, 10.3, 10.4, 10.5, 10.6], 'up'],
  ])('%j goes %s', (values, trend) => {
    expect(forecast(daily(values))?.trend).toBe(trend);
  });

  it('leaves gaps as gaps', () => {
    const points = daily([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]).filter((_point, index) => index % 3 !== 1);
    expect(forecast(points)?.interval).toEqual([39, 39]);
  });

  it('has the lower end first, whatever the points', () => {
    const values = fc.array(fc.double({ noNaN: true, min: -1e6, max: 1e6 }), { minLength: 7, maxLength: 90 });
    fc.assert(
      fc.property(values, (known) => {
        const [low, high] = forecast(daily(known))?.interval ?? [1, 0];
        expect(low).toBeLessThanOrEqual(high);
      }),
    );
  });
});

describe('AN-6: the series of a finding', () => {
  it('are those it names, each once; without any the overall balance', () => {
    expect(seriesOf([])).toEqual(['balance']);
    expect(seriesOf(['mood', 'words', 'mood'])).toEqual(['mood', 'words']);
  });

  it.each([['balance', 'balance'], ['wisdom', 'stat'], ['health.physical', 'stat'], ['mood', 'trend'], ['data.sleep', 'trend']])('%s is predicted as %s', (series, type) => {
    expect(predictionTypeOf(series)).toBe(type);
  });
});

it('F-10: an id follows from the event, a safe whole number above 0', () => {
  const eventId = (fact: string) => derivedEventId({ context: 'analytics', eventName: 'PredictionGenerated', userId: 1, fact });
  expect(idFromEvent(eventId('a'))).toBe(idFromEvent(eventId('a')));
  fc.assert(
    fc.property(fc.string(), fc.string(), (one, other) => {
      const id = idFromEvent(eventId(one));
      expect(Number.isSafeInteger(id) && id > 0).toBe(true);
      expect(id === idFromEvent(eventId(other))).toBe(one === other);
    }),
  );
  expect(idFromEvent('00000000-0000-5000-8000-000000000000')).toBe(1);
});
