import { describe, expect, it } from '@jest/globals';
import type { Scores } from './balance.js';
import { scoresAWeekBefore } from './balance-state.js';
import { actionsFor, dueShifts, shiftsOf, toldAs } from './shift.js';

const scores = (health: number, wealth = 0.5, relationships = 0.5): Scores => ({ health, wealth, relationships });

describe('AN-3: a shift', () => {
  it.each([
    [0.0999, null],
    [0.1, 'low'],
    [0.1999, 'low'],
    [0.2, 'moderate'],
    [0.3499, 'moderate'],
    [0.35, 'high'],
    [0.45, 'high'],
  ])('by %d has severity %s, in both directions', (by, severity) => {
    const move = (type: string) => (severity === null ? [] : [{ type, areas: ['health'], severity }]);
    const low = scores(0.5 - by);
    const onlyMoves = (now: Scores, before: Scores) => shiftsOf(now, before).filter(({ type }) => type !== 'imbalance');
    expect(onlyMoves(low, scores(0.5))).toEqual(move('decline'));
    expect(onlyMoves(scores(0.5), low)).toEqual(move('improvement'));
  });

  it('meets its thresholds where binary fractions would miss them', () => {
    expect(shiftsOf(scores(0.7), scores(0.8))).toMatchObject([{ type: 'decline', severity: 'low' }]);
    expect(shiftsOf(scores(0.9, 0.6, 0.6), scores(0.55, 0.6, 0.6))).toMatchObject([{ severity: 'high' }]);
  });

  it.each([
    [0.8999, []],
    [0.9, [{ type: 'imbalance', areas: ['wealth', 'health'], severity: 'moderate' }]],
    [1, [{ type: 'imbalance', areas: ['wealth', 'health'], severity: 'moderate' }]],
  ])('is an imbalance when the highest is at %d and the lowest at 0.5', (highest, shifts) => {
    expect(shiftsOf(scores(highest), null)).toEqual(shifts);
  });

  it('without scores 7 days ago is neither decline nor improvement', () => {
    expect(shiftsOf(scores(0.2), null)).toEqual([]);
  });

  it('looks at the scores in force 7 days before, to the millisecond', () => {
    const history = ['2026-11-10', '2026-11-14', '2026-11-15'].map((day, index) => ({ at: new Date(`${day}T12:00:00Z`), scores: scores(index / 10) }));
    expect(scoresAWeekBefore(history, new Date('2026-11-21T12:00:00.000Z'))).toEqual(scores(0.1));
    expect(scoresAWeekBefore(history, new Date('2026-11-21T11:59:59.999Z'))).toEqual(scores(0));
    expect(scoresAWeekBefore(history, new Date('2026-11-17T11:59:59.999Z'))).toBeNull();
  });

  it('is told once for each area and type', () => {
    const shifts = shiftsOf(scores(0.1, 0.9, 0.5), scores(0.5, 0.5, 0.5));
    const told = (...areas: [string, string][]) => dueShifts(shifts, new Set(areas.map(([type, area]) => toldAs(type, area))));
    expect(told()).toMatchObject([{ type: 'decline' }, { type: 'improvement' }, { type: 'imbalance', areas: ['health', 'wealth'] }]);
    expect(told(['decline', 'health'], ['improvement', 'health'])).toMatchObject([{ type: 'improvement' }, { type: 'imbalance' }]);
    expect(told(['imbalance', 'health'])).toMatchObject([{ type: 'decline' }, { type: 'improvement' }]);
    expect(told(['imbalance', 'wealth']).at(-1)).toMatchObject({ type: 'imbalance', areas: ['health'] });
  });

  it('AN-5: asks for a small step, and for nothing after an improvement', () => {
    expect(actionsFor({ type: 'decline', areas: ['health'], severity: 'low' })).toHaveLength(1);
    expect(actionsFor({ type: 'improvement', areas: ['health'], severity: 'low' })).toEqual([]);
  });
});
