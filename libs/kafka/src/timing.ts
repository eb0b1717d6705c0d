/** Waits; ends early, without an error, when the signal aborts. */
export function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) return resolve();
    const end = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal?.addEventListener('abort', end, { once: true });
  });
}

/** True when the work settled in time, also with an error. The work itself goes on. */
export async function settledWithin(ms: number, work: Promise<unknown>): Promise<boolean> {
  const timeUp = new AbortController();
  const settled = work.then(
    () => true,
    () => true,
  );
  const late = sleep(ms, timeUp.signal).then(() => false);
  return Promise.race([settled, late]).finally(() => timeUp.abort());
}

/** Doubles from `firstMs` up to `mostMs`, varied by a quarter so that services do not return all at once. */
export function backoff(failures: number, firstMs: number, mostMs: number): number {
  const base = Math.min(mostMs, firstMs * 2 ** Math.min(failures, 20));
  return Math.round(base * (0.75 + Math.random() / 2));
}

/** Waits that grow from failure to failure, until something succeeds. */
export class GrowingWait {
  private failures = 0;

  constructor(private readonly firstMs: number, private readonly mostMs: number) {}

  next(): number {
    this.failures += 1;
    return backoff(this.failures - 1, this.firstMs, this.mostMs);
  }

  reset(): void {
    this.failures = 0;
  }
}
