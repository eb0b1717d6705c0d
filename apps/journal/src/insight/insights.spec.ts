import { describe, expect, it } from '@jest/globals';
import type { Pattern } from '../pattern/patterns.js';
import { insightFromPattern, insightFromShift, insightFromTrend } from './insights.js';

const pattern = (over: Partial<Pattern> = {}): Pattern => ({ type: 'correlation', series: ['mood', 'words'], confidence: 0.8, description: 'Seen.', days: [], ...over });
const trend = { stat_name: 'health.physical', trend_type: 'decreasing', confidence_score: 0.9, duration_days: 30 };
const shift = { shift_type: 'decline', affected_areas: ['health', 'wealth'], severity: 'high', recommended_actions: [] };

describe('J-6: only above 0.7', () => {
  it.each([[0.69, false], [0.7, false], [0.7000001, true], [1, true], [NaN, false]])('a confidence of %d: %s', (confidence, given) => {
    expect(insightFromPattern(pattern({ confidence })) !== null).toBe(given);
    expect(insightFromTrend({ ...trend, confidence_score: confidence }) !== null).toBe(given);
  });

  it.each([['low', null], ['moderate', 0.75], ['high', 0.9], ['a_word_of_tomorrow', null]])('severity %s counts as %j', (severity, confidence) => {
    expect(insightFromShift({ ...shift, severity })?.confidence ?? null).toBe(confidence);
  });
});

describe('J-6: what an insight says', () => {
  it.each([
    ['correlation', insightFromPattern(pattern()), ['mood', 'writing'], ['mood', 'words']],
    ['mood', insightFromPattern(pattern({ type: 'mood', series: ['mood'] })), ['mood'], ['mood']],
    ['pattern', insightFromPattern(pattern({ type: 'temporal', series: ['mood'] })), ['mood'], ['mood']],
    ['trend', insightFromTrend(trend), ['health'], ['health.physical']],
    ['balance', insightFromShift(shift), ['health', 'wealth'], []],
  ] as const)('of type %s names the areas and one thing to do, and tells what was seen from what it may mean', (type, insight, areas, series) => {
    expect(insight).toMatchObject({ type, series });
    expect(insight?.content).toMatch(/^About .+\. Observation: .+ Interpretation: .+ One thing to do: \S.+$/s);
    for (const area of areas) expect(insight?.content.split('Observation')[0]).toContain(area);
    expect(insight?.content.match(/One thing to do/g)).toHaveLength(1);
  });

  it('repeats what was measured as the observation', () => {
    expect(insightFromPattern(pattern())?.content).toContain('Observation: Seen. Interpretation: the two may be connected');
    expect(insightFromTrend(trend)?.content).toContain('Observation: over 30 days, physical (health) is decreasing.');
  });

  it('takes the first action that the shift recommends', () => {
    expect(insightFromShift({ ...shift, recommended_actions: [' ', 'Sleep by eleven.', 'Run.'] })?.content).toMatch(/One thing to do: Sleep by eleven\.$/);
  });

  it.each(['improvement', 'imbalance', 'a_word_of_tomorrow'])('words a shift of type %s', (shift_type) => {
    expect(insightFromShift({ ...shift, shift_type, affected_areas: ['a_new_area'] })?.content).toContain('a_new_area');
  });
});
