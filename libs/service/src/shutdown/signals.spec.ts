import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { exitOnSignals } from './signals.js';

const signals = ['SIGTERM', 'SIGINT'] as const;
const before = signals.map((signal) => process.listeners(signal));
afterEach(() => {
  jest.restoreAllMocks();
  signals.forEach((signal, index) => process.listeners(signal).filter((one) => before[index]?.includes(one) !== true).forEach((one) => process.off(signal, one)));
});

/** A process that stops as told; signals come at these ms. Exit codes in their order. */
function hear(stop: (signal: string) => Promise<number>, ...sent: (readonly [atMs: number, signal: (typeof signals)[number]])[]): number[] {
  const codes: number[] = [];
  jest.spyOn(process, 'exit').mockImplementation((code) => codes.push(Number(code)) as never);
  const clock = jest.spyOn(performance, 'now');
  exitOnSignals(stop);
  for (const [atMs, signal] of sent) {
    clock.mockReturnValue(atMs);
    process.emit(signal, signal);
  }
  return codes;
}

const hanging = (): Promise<number> => new Promise(() => undefined);

describe('signals', () => {
  it('the first stops in order and exits with what that answers', async () => {
    const heard: string[] = [];
    const codes = hear(async (signal) => heard.push(signal) + 2, [5, 'SIGINT']);
    await new Promise((resolve) => setImmediate(resolve));
    expect([heard, codes]).toEqual([['SIGINT'], [3]]);
  });

  it('a second one ends at once, whatever the stop still waits for', () => {
    expect(hear(hanging, [5, 'SIGTERM'], [106, 'SIGTERM'])).toEqual([1]);
  });

  it('the same one sent to group and process counts once', () => {
    expect(hear(hanging, [5, 'SIGTERM'], [105, 'SIGTERM'])).toEqual([]);
  });

  it('a stop that fails exits with 1', async () => {
    const codes = hear(() => Promise.reject(new Error('no')), [5, 'SIGTERM']);
    await new Promise((resolve) => setImmediate(resolve));
    expect(codes).toEqual([1]);
  });
});
