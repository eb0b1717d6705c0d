import { setTimeout as sleep } from 'node:timers/promises';

export interface OpenLoop {
  readonly count: number;
  readonly perSecond: number;
}

/**
 * Starts `work` at fixed times whether or not the one before has ended: what is slow delays itself and
 * the rest alike, as with people. Resolves when all have ended.
 */
export async function openLoop({ count, perSecond }: OpenLoop, work: (index: number) => Promise<void>): Promise<void> {
  const started = performance.now();
  const running: Promise<void>[] = [];
  for (let index = 0; index < count; index += 1) {
    const wait = started + (index * 1000) / perSecond - performance.now();
    if (wait > 0) await sleep(wait);
    running.push(work(index));
  }
  await Promise.all(running);
}
