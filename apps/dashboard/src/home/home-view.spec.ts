import { describe, expect, it } from '@jest/globals';
import { worded } from './home-view.js';

describe('E-37: a forecast in words', () => {
  it.each([
    ['up', 'may rise'],
    ['down', 'may fall'],
    ['flat', 'may stay about as it is'],
  ])('%s: %s', (trend, words) => {
    const { summary } = worded({ at: '', forecast_data: { trend }, prediction_horizon_days: 30 });
    expect(summary).toBe(`If things go on as lately, this ${words} over the next 30 days. It is an estimate, not a goal.`);
  });

  it('says no direction when the forecast names none', () => {
    expect(worded({ at: '', prediction_horizon_days: 7 }).summary).toContain('may stay about as it is');
  });
});
