import { describe, expect, it } from '@jest/globals';
import { productivityOf } from './productivity.js';
import { type Grounds, mayRepeat, recommend } from './recommend.js';

const good: Grounds = { scores: { health: 0.6, wealth: 0.6, relationships: 0.6 }, productivity: 0.7, series: 'health.mental_emotional' };
const withScores = (scores: Partial<Grounds['scores']>, productivity: number | null = 0.7): Grounds => ({ ...good, productivity, scores: { ...good.scores, ...scores } });

describe('AN-4: what is recommended', () => {
  it.each([
    ['health under 0.6', withScores({ health: 0.5999 }), 'health'],
    ['health at 0.6', withScores({ health: 0.6 }), 'habit'],
    ['health before productivity', withScores({ health: 0.5 }, 0.1), 'health'],
    ['productivity under 0.7', withScores({}, 0.6999), 'productivity'],
    ['productivity at 0.7', withScores({}, 0.7), 'habit'],
    ['productivity before balance', withScores({ wealth: 0.1 }, 0.5), 'productivity'],
    ['nothing to complete', withScores({}, null), 'habit'],
    ['wealth under 0.6', withScores({ wealth: 0.5999 }), 'balance'],
    ['relationships under 0.6', withScores({ relationships: 0.5999 }), 'balance'],
  ])('%s', (_case, grounds, type) => {
    expect(recommend(grounds).type).toBe(type);
  });

  it.each([
    [0.3999, 'high'],
    [0.4, 'medium'],
    [0.5999, 'medium'],
  ])('AN-5: a score of %d is of %s priority', (score, priority) => {
    expect(recommend(withScores({ health: score })).priority).toBe(priority);
    expect(recommend(withScores({}, score)).priority).toBe(priority);
    expect(recommend(withScores({ wealth: score })).priority).toBe(priority);
  });

  it('AN-5: productivity from 0.6 on is of low priority', () => {
    expect(recommend(withScores({}, 0.6)).priority).toBe('low');
  });

  it('AN-6: without a case it is a habit of low priority around the series', () => {
    expect(recommend(good)).toMatchObject({ type: 'habit', priority: 'low', action: expect.stringContaining('around mental emotional') });
  });

  it('names the lower one of wealth and relationships', () => {
    const wealth = recommend(withScores({ wealth: 0.3, relationships: 0.4 })).action;
    expect(recommend(withScores({ wealth: 0.4, relationships: 0.3 })).action).not.toBe(wealth);
    expect(recommend(withScores({ wealth: 0.1 })).action).toBe(wealth);
  });

  it('AN-5: may come again after exactly 7 days, seen from either side', () => {
    const told = new Date('2026-11-14T12:00:00.000Z');
    expect(mayRepeat(told, new Date('2026-11-21T11:59:59.999Z'))).toBe(false);
    expect(mayRepeat(told, new Date('2026-11-21T12:00:00.000Z'))).toBe(true);
    expect(mayRepeat(new Date('2026-11-21T11:59:59.999Z'), told)).toBe(false);
  });
});

describe('AN-4: productivity', () => {
  it.each([
    [{ created: 0, completed: 0, consistency: null }, null],
    [{ created: 4, completed: 3, consistency: null }, 0.75],
    [{ created: 2, completed: 3, consistency: null }, 1],
    [{ created: 0, completed: 1, consistency: null }, 1],
    [{ created: 4, completed: 0, consistency: null }, 0],
    [{ created: 0, completed: 0, consistency: 0.7 }, 0.7],
    [{ created: 2, completed: 1, consistency: 0.9 }, 0.7],
  ])('%j is %d', (completions, productivity) => {
    expect(productivityOf(completions)).toBe(productivity);
  });
});
