import { describe, expect, it } from '@jest/globals';
import type { Row } from './scenario.js';
import { amount, rowResult, tableLines } from './table.js';

const figures = new Map([
  ['ours.rate', [3000, 2000, 8000]],
  ['nest.rate', [1000, 1000, 2000]],
]);
const row: Row = { what: 'ours', figure: 'ours.rate', unit: 'events/s', reference: 'nest.rate', target: { of: 'ratio', atLeast: 3 } };

describe('the table', () => {
  it('takes the ratio within each repetition, then the median', () => {
    expect(rowResult(row, figures)).toMatchObject({ min: 2000, median: 3000, max: 8000, ratio: 3, met: true, target: '>= 3 x' });
  });

  it('marks a row that misses its target', () => {
    const missed = rowResult({ ...row, target: { of: 'value', atLeast: 20_000 } }, figures);
    expect(missed).toMatchObject({ met: false, target: '>= 20 k events/s' });
    expect(tableLines([missed])[1]).toContain('NO');
  });

  it('holds a latency to an upper bound', () => {
    const latency = new Map([['ours.p99', [9, 12, 8]]]);
    const bound: Row = { what: 'p99', figure: 'ours.p99', unit: 'ms', target: { of: 'value', atMost: 10 } };
    expect(rowResult(bound, latency)).toMatchObject({ median: 9, met: true });
  });

  it('says neither met nor missed about what was not measured', () => {
    expect(rowResult(row, new Map()).met).toBeNull();
  });

  it.each([
    [31_449, '31.4 k'],
    [1_060_000, '1.06 M'],
    [845, '845'],
    [0.1834, '0.183'],
    [Number.NaN, '-'],
  ])('writes %d as %s', (value, text) => expect(amount(value)).toBe(text));
});
