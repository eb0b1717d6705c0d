import { describe, expect, it } from '@jest/globals';
import { shutDown } from './shutdown.js';

describe('shutting down', () => {
  it('ends one step after the other', async () => {
    const order: string[] = [];
    const step = (name: string) => ({
      name,
      run: async () => {
        order.push(`${name} begins`);
        await Promise.resolve();
        order.push(`${name} ends`);
      },
    });
    expect(await shutDown([step('http'), step('relay')], 1_000)).toEqual({ abandoned: [] });
    expect(order).toEqual(['http begins', 'http ends', 'relay begins', 'relay ends']);
  });

  it('goes on after a step that fails, hangs or leaves something, and says what was abandoned', async () => {
    let closed = false;
    const report = await shutDown(
      [
        { name: 'http', run: () => Promise.reject(new Error('socket broke')) },
        { name: 'consumers', run: () => new Promise<never>(() => undefined) },
        { name: 'relay', run: async () => '3 events wait for the broker' },
        { name: 'database', run: async () => void (closed = true) },
      ],
      900,
    );
    expect(report.abandoned).toEqual([
      { step: 'http', reason: 'socket broke' },
      { step: 'consumers', reason: expect.stringMatching(/^not finished within \d+ ms$/) },
      { step: 'relay', reason: '3 events wait for the broker' },
    ]);
    expect(closed).toBe(true);
  });
});
