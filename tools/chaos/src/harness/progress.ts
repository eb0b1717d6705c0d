import { setTimeout as sleep } from 'node:timers/promises';
import type { Stage } from './stage.js';

const giveUpS = 180;

/** Until the first effects show that everything works. */
export async function underWay(stage: Stage): Promise<void> {
  const deadline = Date.now() + 60_000;
  while ((await stage.committed('dashboard')) < 20) {
    if (Date.now() > deadline) throw new Error('The services did not get under way within 60 s');
    await sleep(20);
  }
}

/** Seconds until the second service commits something, from now on. */
export async function secondsUntilProcessing(stage: Stage): Promise<number> {
  const startedAt = performance.now();
  const seconds = (): number => (performance.now() - startedAt) / 1_000;
  const before = await stage.committed('dashboard');
  while ((await stage.committed('dashboard')) === before && seconds() < giveUpS) await sleep(20);
  return seconds();
}
