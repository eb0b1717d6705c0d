import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { cutBatch } from './cut-batch.js';
import type { LogRow } from './log-rows.js';

const row = (key: string, bytes: number | null): LogRow => ({
  epoch: 1, log_xid: '1', seq: '1', event_id: 'id', key, topic: bytes === null ? null : 't', type: 'x', version: '1.0.0', occurred_at: new Date(0),
  correlation_id: null, causation_id: null, traceparent: null, consent_revision: null, payload: bytes === null ? null : Buffer.alloc(bytes),
});

describe('cutBatch', () => {
  it('takes as many rows as one partition may get', () => {
    const rows = [row('a', 550), row('b', 550), row('a', 550), row('a', 550)];
    expect(cutBatch(rows, (_, key) => key.charCodeAt(0), 2_000)).toBe(3);
    expect(cutBatch(rows, () => 0, 2_000)).toBe(2);
  });

  it('takes one that is too large alone, so that the broker can say no to it', () => {
    expect(cutBatch([row('a', 5_000), row('a', 1)], () => 0, 1_000)).toBe(1);
  });

  it('does not count what is never sent', () => {
    expect(cutBatch([row('a', null), row('a', 500), row('a', null)], () => 0, 1_000)).toBe(3);
  });

  it('always gets on, and never passes the bound with more than one row', () => {
    const rows = fc.array(fc.nat(3_000).map((bytes) => row('a', bytes)), { minLength: 1 });
    fc.assert(
      fc.property(rows, fc.integer({ min: 1, max: 10_000 }), (all, limit) => {
        const count = cutBatch(all, () => 0, limit);
        const bytes = all.slice(0, count).reduce((sum, { payload }) => sum + (payload?.length ?? 0) + 450, 0);
        return count >= 1 && (count === 1 || bytes <= limit);
      }),
    );
  });
});
