import { describe, expect, it } from '@jest/globals';
import type { Verdict } from '../history/history.js';
import { hasPassed, type Run, rowsOf, tableLines } from './report.js';

const clean: Verdict = { lost: 0, doubled: 0, orderBreaks: 0, untrue: 0, wireDuplicates: 3, events: 100, effects: 100, parked: 0, faults: [] };
const run = (change: Partial<Run> = {}): Run => ({ name: 'after-send', seed: 7, happened: true, verdict: clean, figures: [], troubles: [], ...change });
const late = { what: 'back', value: 61, unit: 's', atMost: 60 } as const;

describe('the report', () => {
  it('passes what happened and left everything as it should be', () => {
    expect(hasPassed(run())).toBe(true);
    expect(hasPassed(run({ verdict: null, figures: [{ ...late, value: 60 }] }))).toBe(true);
  });

  it.each<[string, Partial<Run>]>([
    ['a kill that never happened', { happened: false }],
    ['a loss', { verdict: { ...clean, lost: 1 } }],
    ['a doubled effect', { verdict: { ...clean, doubled: 1 } }],
    ['an order break', { verdict: { ...clean, orderBreaks: 1 } }],
    ['a state that disagrees', { verdict: { ...clean, untrue: 1 } }],
    ['a figure beyond its bound', { figures: [late] }],
    ['a trouble', { troubles: ['it did not stop'] }],
  ])('fails %s', (_, change) => {
    expect(hasPassed(run(change))).toBe(false);
  });

  it('sums the runs of a point, keeps the worst figure, and says how to play a failure again', () => {
    const [row] = rowsOf([run({ figures: [{ ...late, value: 2 }] }), run({ seed: 8, figures: [late] })]);
    expect(row).toMatchObject({ runs: 2, events: 200, wireDuplicates: 6, failedSeeds: [8], figures: [{ value: 61 }] });
    const text = tableLines(row === undefined ? [] : [row]).join('\n');
    expect(text).toContain('back: 61 s (at most 60)');
    expect(text).toContain('npm run chaos -- --points=after-send --seed=8');
  });
});
