import { type Circuit, reopensAt } from './circuit-breaker.js';

export const frequencies = ['hourly', 'daily', 'weekly'] as const;
export type Frequency = (typeof frequencies)[number];

const hourMs = 3_600_000;
const periodMs: Readonly<Record<Frequency, number>> = { hourly: hourMs, daily: 24 * hourMs, weekly: 168 * hourMs };

export const mostRetries = 5;
const firstWaitMs = 60_000;
const longestWaitMs = hourMs;

/** I-3: the first time after `now` on the grid that begins at the connection; what was missed meanwhile is fetched in one go. */
export function nextRegularSync(connectedAt: Date, frequency: Frequency, now: Date): Date {
  const period = periodMs[frequency];
  const passed = Math.max(0, Math.floor((now.getTime() - connectedAt.getTime()) / period));
  return new Date(connectedAt.getTime() + (passed + 1) * period);
}

/** I-9: 60 s, 120 s, 240 s …, at most an hour. `retry` counts from 0. */
export const waitBeforeRetry = (retry: number): number => Math.min(longestWaitMs, firstWaitMs * 2 ** retry);

export interface Plan {
  readonly retries: number;
  readonly next_sync_at: Date;
}

/** When to try again after a failure: five times with growing waits, then at the regular time; never while the circuit is open. */
export function planAfterFailure(retries: number, regular: Date, circuit: Circuit, now: Date): Plan {
  if (retries >= mostRetries) return { retries: 0, next_sync_at: notWhileOpen(regular, circuit) };
  return { retries: retries + 1, next_sync_at: notWhileOpen(new Date(now.getTime() + waitBeforeRetry(retries)), circuit) };
}

function notWhileOpen(at: Date, { circuit_opened_at }: Circuit): Date {
  if (circuit_opened_at === null) return at;
  return new Date(Math.max(at.getTime(), reopensAt(circuit_opened_at).getTime()));
}
