import { describe, expect, it } from '@jest/globals';
import { neutralScores, type Scores } from './balance.js';
import { type BalanceState, isNews, reckon, withAnnounced, withReckoned } from './balance-state.js';

const at = (time: string) => new Date(`2026-11-21T${time}Z`);
const health = (score: number): Scores => ({ ...neutralScores, health: score });
const given = (state: Partial<BalanceState>): BalanceState => ({ reckoned: null, announced: null, history: [], ...state });

describe('AN-2: the reckoning', () => {
  it('begins with the first scores, also neutral ones, and then keeps what changed', () => {
    expect(reckon(given({}), neutralScores, at('10:00:00'))).toEqual({ scores: neutralScores, at: at('10:00:00') });
    const state = given({ reckoned: { scores: health(0.7), at: at('10:00:00') } });
    expect(reckon(state, health(0.7), at('11:00:00'))).toBeNull();
    expect(reckon(state, health(0.7001), at('11:00:00'))).toEqual({ scores: health(0.7001), at: at('11:00:00') });
  });

  it('never goes back in time: a late reading counts from when it was heard of', () => {
    const state = given({ reckoned: { scores: health(0.7), at: at('10:00:00') } });
    expect(reckon(state, health(0.8), at('09:00:00'))).toEqual({ scores: health(0.8), at: at('10:00:00') });
  });

  it('keeps its history in the order of time', () => {
    const later = { scores: health(0.2), at: at('12:00:00') };
    const state = withReckoned(given({ history: [later] }), { scores: health(0.1), at: at('11:00:00') });
    expect(state.history.map((known) => known.at)).toEqual([at('11:00:00'), at('12:00:00')]);
  });
});

describe('AN-2: the telling', () => {
  it('compares with what was told last, at first with the neutral scores', () => {
    expect(isNews(given({}), neutralScores)).toBe(false);
    expect(isNews(given({}), health(0.51))).toBe(true);
    expect(isNews(given({ announced: { scores: health(0.51), at: at('10:00:00') } }), health(0.5101))).toBe(false);
  });

  it('holds from then on, also beside one of a later time', () => {
    const { state } = withAnnounced(given({ announced: { scores: health(0.9), at: at('12:00:00') } }), { scores: health(0.8), at: at('11:00:00') });
    expect(state.announced).toEqual({ scores: health(0.8), at: at('12:00:00') });
    expect(withAnnounced(state, { scores: health(0.7), at: at('13:00:00') }).announced).toEqual({ scores: health(0.7), at: at('13:00:00') });
  });
});
