import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { comparePositions, logStart } from './position.js';

describe('log positions', () => {
  it('compare ids as numbers, across a change in the number of digits', () => {
    expect(comparePositions({ epoch: 1, xid: '999', seq: '5' }, { epoch: 1, xid: '1000', seq: '1' })).toBeLessThan(0);
    expect(comparePositions({ epoch: 1, xid: '7', seq: '99' }, { epoch: 1, xid: '7', seq: '100' })).toBeLessThan(0);
  });

  it('put a later epoch after every transaction id of the earlier one', () => {
    expect(comparePositions({ epoch: 2, xid: '3', seq: '1' }, { epoch: 1, xid: '18446744073709551615', seq: '1' })).toBeGreaterThan(0);
    expect(comparePositions(logStart, { epoch: 0, xid: '0', seq: '1' })).toBeLessThan(0);
  });

  it('are in one order', () => {
    const position = fc.record({ epoch: fc.nat(2), xid: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }).map(String), seq: fc.nat(20).map(String) });
    fc.assert(fc.property(position, position, (a, b) => Math.sign(comparePositions(a, b)) === 0 - Math.sign(comparePositions(b, a))));
  });
});
